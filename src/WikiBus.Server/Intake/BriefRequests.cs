using WikiBus.Server.Http;

namespace WikiBus.Server.Intake;

/// <summary>
/// Which requests with events may run in the thread that waits for sockets (<see cref="RequestThread"/>): small ones.
/// Should one take long after all (a pattern that goes back and forth, say), all go through the thread pool for a
/// multiple of that time. Safe for concurrent use.
/// </summary>
internal sealed class BriefRequests(TimeProvider time)
{
    /// <summary>Longer than this other connections shall not wait twice.</summary>
    private static readonly TimeSpan _durationMax = TimeSpan.FromMilliseconds(100);

    /// <summary>Most of the time that is spent on requests that took longer, whoever sends them.</summary>
    private const double LongShareMax = 0.05;

    private long _pausedUntil = long.MinValue;

    /// <summary>
    /// May this request run in a thread that others wait for? None that came over TLS may: what was sent behind it is
    /// decrypted already, and would be read, judged and appended where it was answered, in the log's writer.
    /// </summary>
    public bool Has(HttpContext context) =>
        context.Request.ContentLength <= RequestThread.BriefBytesMax
        && !context.Request.IsHttps
        && context.Request.Headers.ContentEncoding.Count == 0
        && time.GetTimestamp() >= Interlocked.Read(ref _pausedUntil);

    /// <summary>One has done its work in such a thread, begun at this timestamp.</summary>
    public void Ran(long startTimestamp)
    {
        var now = time.GetTimestamp();
        if (time.GetElapsedTime(startTimestamp, now) > _durationMax)
        {
            PauseUntil(now + (long)((now - startTimestamp) / LongShareMax));
        }
    }

    // Another thread may have run one that took longer.
    private void PauseUntil(long end)
    {
        var set = Interlocked.Read(ref _pausedUntil);
        while (end > set)
        {
            var found = Interlocked.CompareExchange(ref _pausedUntil, end, set);
            if (found == set)
            {
                return;
            }

            set = found;
        }
    }
}
