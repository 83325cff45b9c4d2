namespace WikiBus.Server.Intake.Entry;

/// <summary>
/// The time within which a request must be answered. It serves one request after another, since a timer per request
/// would cost more than the rest of the waiting. Not safe for concurrent use.
/// </summary>
internal sealed class RequestDeadline : IDisposable
{
    private CancellationTokenSource? _source;

    /// <summary>Starts the time; the token is cancelled at its end.</summary>
    public CancellationToken Start(TimeSpan limit, TimeProvider time)
    {
        // A source that was cancelled cannot be used again.
        if (_source?.TryReset() == true)
        {
            _source.CancelAfter(limit);
        }
        else
        {
            _source?.Dispose();
            _source = new CancellationTokenSource(limit, time);
        }

        return _source.Token;
    }

    public void Stop() => _source?.CancelAfter(Timeout.InfiniteTimeSpan);

    public void Dispose() => _source?.Dispose();
}
