using System.Globalization;
using WikiBus.Storage.Reading;
using WikiBus.Storage.Segments;

namespace WikiBus.Storage.Repeats;

/// <summary>
/// Makes id files again that a look-up, or the log's start, could not read, beside the writer's thread and one at a
/// time. Until a file is there its ids are unknown, and what needs them is refused; when the segment cannot be read
/// either, they are given up, so that damage does not keep events out for ever. Safe for concurrent use.
/// </summary>
internal sealed class IdFileMending(
    IdStore ids, LogPublication publication, Action<LogNotice>? onNotice, TimeProvider time) : IAsyncDisposable
{
    /// <summary>
    /// After so many tries a segment that cannot be read, or a file that is broken again each time, is given up.
    /// </summary>
    public const int TriesMax = 10;

    /// <summary>After a failure, look-ups do not ask for the next try before this.</summary>
    private static readonly TimeSpan s_retryDelay = TimeSpan.FromSeconds(1);

    private readonly Lock _gate = new();

    /// <summary>Segments whose files were asked for, at most all.</summary>
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

    /// <summary>The ids of a segment could not be read.</summary>
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
                GiveUp(segment, $"{TriesMax} tries to make its id file again were in vain.");
                return;
            }

            if (tries.Count++ == 0)
            {
                Tell(LogNoticeSeverity.Warning,
                    $"Old events are refused while the id file of segment {segment.Number} is made again.");
            }

            tries.IsWaiting = true;
            _waiting.Enqueue(segment);
            if (!_isRunning)
            {
                _isRunning = true;
                _task = RunAsync();
            }
        }
    }

    /// <summary>The segment cannot be read: repeats of its records are not recognised.</summary>
    public void GiveUp(Segment segment, string reason)
    {
        lock (_gate)
        {
            TriesOf(segment.Number).IsGivenUp = true;
        }

        Tell(LogNoticeSeverity.Error,
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
        // Not in the caller's thread, which is the writer's.
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
                Tell(LogNoticeSeverity.Warning, $"Segment {segment.Number} cannot be read. {fault}");
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
            Tell(LogNoticeSeverity.Information, $"The id file of segment {segment.Number} is there again.");
        }
    }

    /// <summary>False: retention took it, and nobody asks for it any more.</summary>
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

    private void Tell(LogNoticeSeverity severity, FormattableString text) =>
        onNotice?.Invoke(new LogNotice(severity, text.ToString(CultureInfo.InvariantCulture)));

    /// <summary>What became of one segment's file.</summary>
    private sealed class Tries
    {
        public int Count { get; set; }

        /// <summary>It is being made, or will be.</summary>
        public bool IsWaiting { get; set; }

        public bool IsGivenUp { get; set; }

        /// <summary>Timestamp of the last try if that failed; 0: it did not.</summary>
        public long FailedAt { get; set; }
    }
}
