using System.Diagnostics;
using WikiBus.Storage.Frames;
using WikiBus.Storage.Reading;
using WikiBus.Storage.Repeats;
using WikiBus.Storage.Segments;

namespace WikiBus.Storage.Writing;

/// <summary>
/// The one writer. While one frame is on its way to the disk, requests gather in the queue: the busier the log, the
/// more of them share a flush.
/// </summary>
/// <remarks>
/// Its thread repeats these steps:
/// <list type="number">
/// <item>Fill: requests from the queue are encoded into the frame, as far as they fit. A crash leaves nothing.</item>
/// <item>Write and flush the frame at the end of the last segment. A crash before the flush has ended leaves the frame
/// whole, torn or not at all: recovery keeps it or cuts it, and no request was answered.</item>
/// <item>Publish: indexes, streams, then the end position. A crash from here on leaves the frame durable.</item>
/// <item>Answer its requests. If an answer is lost, the request is repeated, and recognised.</item>
/// </list>
/// After a failure all requests of the frame are answered as unknown, the end is mended, and a new segment is tried
/// once a second; meanwhile all requests are refused.
/// </remarks>
internal sealed class LogWriter : IDisposable
{
    private static readonly TimeSpan s_probeInterval = TimeSpan.FromSeconds(1);

    private readonly WriteQueue _queue;
    private readonly FrameFiller _filler;
    private readonly LogTail _tail;
    private readonly FrameCommit _commit;
    private readonly LogPublication _publication;
    private readonly LogDirectory _directory;
    private readonly WriterHealth _health;
    private readonly WriterMending _mending;
    private readonly IdStore _ids;
    private readonly List<AppendRequest> _requests = [];
    private readonly PendingFrame _frame;
    private readonly Func<AppendRequest, bool> _fits;
    private readonly Thread _thread;
    private readonly ITimer _timer;
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private volatile bool _isStopping;

    public LogWriter(
        WriteQueue queue,
        FrameFiller filler,
        LogTail tail,
        FrameCommit commit,
        LogPublication publication,
        LogDirectory directory,
        WriterHealth health,
        IdStore ids,
        EventLogOptions options,
        TimeProvider time)
    {
        _queue = queue;
        _filler = filler;
        _tail = tail;
        _commit = commit;
        _publication = publication;
        _directory = directory;
        _health = health;
        _mending = new WriterMending(tail, health);
        _ids = ids;
        _frame = new PendingFrame(options.FrameBytesMax);
        _fits = request =>
            _requests.Count == 0 || _frame.HasRoomFor(request.ByteCount, request.Drafts.Count);
        _thread = new Thread(Run) { IsBackground = true, Name = "event log writer" };
        _timer = time.CreateTimer(_ => queue.Wake(), state: null, s_probeInterval, s_probeInterval);
    }

    public void Start() => _thread.Start();

    /// <summary>Writes what was queued before, marks the end and ends the thread.</summary>
    public Task StopAsync()
    {
        _isStopping = true;
        _queue.Wake();
        return _ended.Task;
    }

    public void Dispose()
    {
        _timer.Dispose();
        _tail.Dispose();
    }

    private void Run()
    {
        // Here and not when the log is opened: only appends need the ids, so readers do not wait for them.
        Guard(_filler.Load);
        while (true)
        {
            // Stopping is checked before the queue, so that what was queued before StopAsync is still taken.
            var isLast = _isStopping;
            Guard(WriteAllThatWaits);
            if (isLast)
            {
                Guard(End);
                _ended.SetResult();
                return;
            }

            _queue.Wait();
        }
    }

    /// <summary>An unexpected exception stops the log: what it left in memory must not be written.</summary>
    private void Guard(Action step)
    {
        try
        {
            step();
        }
        catch (Exception exception)
        {
            _health.Stopped(exception);
            TakeBack(AppendStatus.Unknown, _health.Reason);
            RefuseAll(_health.Reason);
        }
    }

    private void WriteAllThatWaits()
    {
        while (true)
        {
            _health.BeginStep();
            try
            {
                if (!TryWriteNext())
                {
                    return;
                }
            }
            catch (IOException exception)
            {
                Fail(exception);
            }
            finally
            {
                _health.SpaceUsed();
                _health.EndStep();
            }
        }
    }

    /// <summary>False if nothing waits any more.</summary>
    private bool TryWriteNext()
    {
        if (!IsReady())
        {
            RefuseAll(_health.Reason);
            return false;
        }

        Fill();
        if (_requests.Count == 0)
        {
            return false;
        }

        if (!_health.TryReserveSpace(_tail.SpaceFor(_frame)))
        {
            TakeBack(AppendStatus.Refused, _health.Reason);
            RefuseAll(_health.Reason);
            return false;
        }

        Write();
        Answer();
        return true;
    }

    /// <summary>True if frames may be written: there is space, and what failed before is mended.</summary>
    private bool IsReady() =>
        !_health.IsStopped && _health.HasSpace() && (!_health.IsFailed || _mending.TryFinish());

    private void Fill()
    {
        Debug.Assert(_requests.Count == 0 && _frame.Records.Count == 0, "Each frame starts empty.");
        _filler.Trim();
        while (_queue.TryTake(_fits) is { } request)
        {
            // First of all: whatever happens from here on, the request is answered with the frame.
            _requests.Add(request);
            if (_filler.Fill(_frame, request) is { } refusal)
            {
                _requests.RemoveAt(_requests.Count - 1);
                request.Complete(AppendStatus.Refused, refusal);
            }
        }
    }

    private void Write()
    {
        // A frame of repeats alone has nothing to write: what they repeat is durable.
        if (_frame.Records.Count > 0)
        {
            if (_tail.IsFullFor(_frame))
            {
                _tail.StartSegment();
            }

            _tail.Append(_frame);
            _commit.Publish(_frame);
        }
    }

    private void Answer()
    {
        foreach (var request in _requests)
        {
            request.CompleteStored();
        }

        _requests.Clear();
        _frame.Clear();
    }

    private void Fail(IOException exception)
    {
        _mending.Begin(exception);
        TakeBack(AppendStatus.Unknown, _health.Reason);
    }

    /// <summary>Empties the frame as if its requests had never been taken, and answers them.</summary>
    private void TakeBack(AppendStatus status, string reason)
    {
        var requests = _requests.ToArray();
        _requests.Clear();
        _frame.Clear();
        _filler.RollBack(_publication.Current.EndPosition);
        foreach (var request in requests)
        {
            request.Complete(status, reason);
        }
    }

    private void RefuseAll(string reason)
    {
        while (_queue.TryTake(static _ => true) is { } request)
        {
            request.Complete(AppendStatus.Refused, reason);
        }
    }

    private void End()
    {
        RefuseAll("The log is stopping.");
        if (_health.IsFailed || _health.IsStopped || !_directory.IsOurs())
        {
            return;
        }

        try
        {
            _tail.MarkEnd(_ids);
        }
        catch (IOException exception)
        {
            _health.Failed(exception);
        }
    }
}
