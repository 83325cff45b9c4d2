using System.Diagnostics;
using WikiBus.Storage.Segments;

namespace WikiBus.Storage.Reading;

/// <summary>
/// Holds the newest snapshot, and wakes those that wait for the next one. Safe for concurrent use; readers take no
/// lock.
/// </summary>
internal sealed class LogPublication(LogSnapshot snapshot)
{
    /// <summary>Held while a snapshot is replaced: the writer and the retention both do.</summary>
    private readonly Lock _gate = new();
    private LogSnapshot _current = snapshot;
    private TaskCompletionSource? _waiters;
    private volatile bool _isStopped;

    /// <summary>What was written last, for readers at the end position.</summary>
    public RecentFrames Recent { get; } = new();

    public LogSnapshot Current => Volatile.Read(ref _current);

    /// <summary>A frame is durable.</summary>
    public void Advance(long endPosition, long endOffset)
    {
        lock (_gate)
        {
            Debug.Assert(endPosition >= _current.EndPosition, "The end only moves forward.");
            // Not by Replace, which needs a function: this runs for every frame.
            Volatile.Write(ref _current, _current with { EndPosition = endPosition, EndOffset = endOffset });
        }

        Wake();
    }

    /// <summary>A new segment is durable; the last one is sealed.</summary>
    public void Add(Segment segment, long endOffset)
    {
        Debug.Assert(!Current.Segments[^1].HasSuccessor, "Only the last segment gets a successor.");
        Current.Segments[^1].Successor = segment;
        Replace(snapshot => snapshot with { Segments = [.. snapshot.Segments, segment], EndOffset = endOffset });
    }

    /// <summary>Hides the oldest segment from readers; those that are reading it may finish.</summary>
    public void RemoveFirst()
    {
        Debug.Assert(Current.Segments.Length > 1, "The segment that grows is never removed.");
        Replace(snapshot => snapshot with { Segments = snapshot.Segments[1..] });
    }

    /// <summary>Ends all waits, now and later: the log stops.</summary>
    public void Stop()
    {
        _isStopped = true;
        Wake();
    }

    public async ValueTask WaitAsync(long position, CancellationToken cancellationToken)
    {
        while (Current.EndPosition <= position && !_isStopped)
        {
            var signal = Signal();
            // A commit between the check above and the signal has woken nobody: check again.
            if (Current.EndPosition <= position && !_isStopped)
            {
                await signal.WaitAsync(cancellationToken).ConfigureAwait(false);
            }
        }

        cancellationToken.ThrowIfCancellationRequested();
    }

    /// <summary>One task for all that wait for the same commit.</summary>
    private Task Signal()
    {
        while (true)
        {
            if (Volatile.Read(ref _waiters) is { } existing)
            {
                return existing.Task;
            }

            var created = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            if (Interlocked.CompareExchange(ref _waiters, created, comparand: null) is null)
            {
                return created.Task;
            }
        }
    }

    private void Replace(Func<LogSnapshot, LogSnapshot> change)
    {
        lock (_gate)
        {
            Interlocked.Exchange(ref _current, change(_current));
        }
    }

    private void Wake() => Interlocked.Exchange(ref _waiters, value: null)?.TrySetResult();
}
