namespace WikiBus.Server.Deliveries.Guard;

/// <summary>A token that is cancelled after a time, or with another one.</summary>
internal sealed class Limit : IDisposable
{
    private readonly CancellationTokenSource _timer;
    private readonly CancellationTokenSource _both;

    public Limit(TimeSpan after, TimeProvider time, CancellationToken other)
    {
        _timer = new CancellationTokenSource(after > TimeSpan.Zero ? after : TimeSpan.Zero, time);
        _both = CancellationTokenSource.CreateLinkedTokenSource(_timer.Token, other);
    }

    public CancellationToken Token => _both.Token;

    /// <summary>Has the time passed?</summary>
    public bool IsOver => _timer.IsCancellationRequested;

    public void Dispose()
    {
        _both.Dispose();
        _timer.Dispose();
    }
}
