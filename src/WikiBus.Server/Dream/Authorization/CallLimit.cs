namespace WikiBus.Server.Dream.Authorization;

/// <summary>Spaces calls evenly: at most a given number per second. Safe for concurrent use.</summary>
internal sealed class CallLimit(int perSecondMax, TimeProvider time)
{
    /// <summary>A call that would have to wait longer is not made.</summary>
    public static readonly TimeSpan WaitMax = TimeSpan.FromSeconds(5);

    private readonly TimeSpan _interval = TimeSpan.FromSeconds(1) / perSecondMax;
    private readonly Lock _lock = new();
    private DateTimeOffset _next = DateTimeOffset.MinValue;

    /// <summary>Waits for its turn; false: too many calls wait.</summary>
    public async Task<bool> TryWaitAsync(CancellationToken cancellationToken)
    {
        TimeSpan wait;
        lock (_lock)
        {
            var now = time.GetUtcNow();
            var isSetBack = _next - now > WaitMax + _interval;
            var turn = _next > now && !isSetBack ? _next : now;
            wait = turn - now;
            if (wait > WaitMax)
            {
                return false;
            }

            _next = turn + _interval;
        }

        if (wait > TimeSpan.Zero)
        {
            await Task.Delay(wait, time, cancellationToken);
        }

        return true;
    }
}
