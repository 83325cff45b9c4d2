namespace WikiBus.Storage.Files;

/// <summary>
/// The wall clock for decisions that cannot be undone. If the clock jumps ahead, that is believed only after the time
/// <see cref="BeliefDelay"/>: until then this clock goes on as before. If it jumps back, that is believed immediately.
/// If it then returns within that delay to where it would be without the jump, that is believed immediately, too. Safe
/// for concurrent use.
/// </summary>
internal sealed class CautiousClock(TimeProvider time)
{
    /// <summary>How long a clock must stay ahead, at every reading.</summary>
    public static readonly TimeSpan BeliefDelay = TimeSpan.FromMinutes(10);

    /// <summary>A smaller jump does no harm. Services that correct clocks make such jumps.</summary>
    private const long JumpMsMin = 2000;

    private readonly Lock _gate = new();
    private readonly long _startTimestamp = time.GetTimestamp();

    /// <summary>The time of the start by this clock: what it shows less the time that has passed.</summary>
    private long _startMs = time.GetUtcNow().ToUnixTimeMilliseconds();

    /// <summary>The lowest start by the wall clock since it is ahead, and since when it is; null: it is not.</summary>
    private (long StartMs, long Timestamp)? _ahead;

    /// <summary>The start before the clock went back, and when it went; null: it did not, or too long ago.</summary>
    private (long StartMs, long Timestamp)? _left;

    /// <summary>False in the first minutes: a clock that was wrong at the start may not be corrected yet.</summary>
    public bool HasSettled => time.GetElapsedTime(_startTimestamp) >= BeliefDelay;

    /// <summary>The time in Unix ms.</summary>
    public long NowMs
    {
        get
        {
            lock (_gate)
            {
                var timestamp = time.GetTimestamp();
                var passedMs = (long)time.GetElapsedTime(_startTimestamp, timestamp).TotalMilliseconds;
                Note(time.GetUtcNow().ToUnixTimeMilliseconds() - passedMs, timestamp);
                return _startMs + passedMs;
            }
        }
    }

    private void Note(long startMs, long timestamp)
    {
        if (IsReturn(startMs, timestamp))
        {
            (_startMs, _ahead, _left) = (startMs, null, null);
            return;
        }

        if (startMs < _startMs + JumpMsMin)
        {
            if (startMs <= _startMs - JumpMsMin && HasSettled)
            {
                _left ??= (_startMs, timestamp);
            }

            (_startMs, _ahead) = (startMs, null);
            return;
        }

        var (lowestMs, since) = _ahead ?? (startMs, timestamp);
        lowestMs = Math.Min(lowestMs, startMs);
        if (time.GetElapsedTime(since, timestamp) >= BeliefDelay)
        {
            (_startMs, _ahead) = (lowestMs, null);
        }
        else
        {
            _ahead = (lowestMs, since);
        }
    }

    private bool IsReturn(long startMs, long timestamp)
    {
        if (_left is { } left && time.GetElapsedTime(left.Timestamp, timestamp) >= BeliefDelay)
        {
            _left = null;
        }

        return _left is { } known && Math.Abs(startMs - known.StartMs) < JumpMsMin;
    }
}
