using System.Diagnostics;
using System.Globalization;
using WikiBus.Storage.Reading;
using WikiBus.Storage.Segments;

namespace WikiBus.Storage.Repeats;

/// <summary>
/// Makes id files again that a look-up or the log's start could not read: in the background, one at a time. Until a
/// file is made, its ids are unknown, and requests that need them are refused. If the segment cannot be read either,
/// its ids are given up, so that damage does not block events for ever. Safe for concurrent use.
/// </summary>
internal sealed class IdFileMending(
    IdStore ids, LogPublication publication, Action<LogNotice>? onNotice, TimeProvider time) : IAsyncDisposable
{
    /// <summary>
    /// After this number of tries, a segment that cannot be read is given up, and so is a file that is broken each
    /// time.
    /// </summary>
    public const int TriesMax = 10;

    /// <summary>After a failure, look-ups ask for the next try only after this time.</summary>
    private static readonly TimeSpan s_retryDelay = TimeSpan.FromSeconds(1);

    private readonly Lock _gate = new();

    /// <summary>The segments whose files were asked for.</summary>
    private readonly Dictionary<long, Tries> _segments = [];

    /// <summary>Holds a segment once.</summary>
    private readonly Queue<Segment> _waiting = new();

    private Task _task = Task.CompletedTask;
    private bool _isRunning;
    private bool _isStopping;

    /// <summary>False: no file was ever asked for, so that look-ups need no lock.</summary>
    private volatile bool _isInUse;

    /// <summary>Whether a segment's id file may be looked into.</summary>
    public IdFileState StateOf(long number)
    {
        if (!_isInUse)
        {
            return IdFileState.Usable;
        }

        lock (_gate)
        {
            if (!_segments.TryGetValue(number, out var tries))
            {
                return IdFileState.Usable;
            }

            var hasJustFailed = tries.FailedAt != 0 && time.GetElapsedTime(tries.FailedAt) < s_retryDelay;
            return tries.IsGivenUp ? IdFileState.GivenUp
                : tries.IsWaiting || hasJustFailed ? IdFileState.Mending
                : IdFileState.Usable;
        }
    }

    /// <summary>Asks for the id file of a segment, which could not be read.</summary>
    public void Request(Segment segment)
    {
        lock (_gate)
        {
            var tries = TriesOf(segment.Number);
            if (_isStopping || tries.IsWaiting || tries.IsGivenUp)
            {
                return;
            }

            if (tries.Count == TriesMax)
            {
                GiveUp(segment, $"{TriesMax} tries to make its id file again failed.");
                return;
            }

            if (tries.Count++ == 0)
            {
                Report(LogNoticeSeverity.Warning,
                    $"Old events are refused while the id file of segment {segment.Number} is made again.");
            }

            tries.IsWaiting = true;
            Debug.Assert(!_waiting.Contains(segment), "A segment waits once.");
            _waiting.Enqueue(segment);
            if (!_isRunning)
            {
                _isRunning = true;
                _task = RunAsync();
            }
        }
    }

    /// <summary>Gives up a segment that cannot be read: repeats of its records are not recognised.</summary>
    public void GiveUp(Segment segment, string reason)
    {
        lock (_gate)
        {
            TriesOf(segment.Number).IsGivenUp = true;
        }

        Report(LogNoticeSeverity.Error,
            $"The ids of {segment.FilePath} cannot be read; repeats of its events may be stored again. {reason}");
    }

    /// <summary>Ends after the segment that is being walked.</summary>
    public async ValueTask DisposeAsync()
    {
        Task task;
        lock (_gate)
        {
            _isStopping = true;
            task = _task;
        }

        await task.ConfigureAwait(false);
    }

    private async Task RunAsync()
    {
        // The caller is the writer's thread, which must not wait.
        await Task.Yield();
        while (TryTake(out var segment))
        {
            var isMade = false;
            string? fault = null;
            try
            {
                isMade = ids.TryMakeAgain(segment);
            }
            catch (LogDamagedException exception)
            {
                if (IsHeld(segment))
                {
                    GiveUp(segment, exception.Message);
                }
            }
            catch (IOException exception)
            {
                fault = exception.Message;
            }

            Finish(segment, isMade);
            if (fault is not null && IsHeld(segment))
            {
                Report(LogNoticeSeverity.Warning, $"Segment {segment.Number} cannot be read. {fault}");
            }
        }
    }

    private bool TryTake(out Segment segment)
    {
        lock (_gate)
        {
            _isRunning = !_isStopping && _waiting.Count > 0;
            segment = _isRunning ? _waiting.Dequeue() : null!;
            return _isRunning;
        }
    }

    private void Finish(Segment segment, bool isMade)
    {
        lock (_gate)
        {
            var tries = TriesOf(segment.Number);
            tries.IsWaiting = false;
            tries.FailedAt = isMade ? 0 : time.GetTimestamp();
        }

        if (isMade)
        {
            Report(LogNoticeSeverity.Information, $"The id file of segment {segment.Number} was made again.");
        }
    }

    /// <summary>False: retention deleted it, and nobody needs it any more.</summary>
    private bool IsHeld(Segment segment) => segment.Number >= publication.Current.Segments[0].Number;

    private Tries TriesOf(long number)
    {
        if (!_segments.TryGetValue(number, out var tries))
        {
            _segments.Add(number, tries = new Tries());
            _isInUse = true;
        }

        return tries;
    }

    private void Report(LogNoticeSeverity severity, FormattableString text) =>
        onNotice?.Invoke(new LogNotice(severity, text.ToString(CultureInfo.InvariantCulture)));

    /// <summary>The tries to make one segment's file.</summary>
    private sealed class Tries
    {
        public int Count { get; set; }

        /// <summary>It is being made, or will be.</summary>
        public bool IsWaiting { get; set; }

        public bool IsGivenUp { get; set; }

        /// <summary>Timestamp of the last try if it failed; else 0.</summary>
        public long FailedAt { get; set; }
    }
}
