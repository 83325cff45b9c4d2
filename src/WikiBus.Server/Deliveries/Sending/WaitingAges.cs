using WikiBus.Server.Deliveries.Tables;
using WikiBus.Server.State;

namespace WikiBus.Server.Deliveries.Sending;

/// <summary>
/// How old the oldest waiting record of each subscription is, for metrics. Read in the background, so that metrics
/// never wait for the disk.
/// </summary>
internal sealed class WaitingAges(StateDatabase state, TimeProvider time)
{
    private static readonly TimeSpan s_period = TimeSpan.FromSeconds(10);

    private volatile IReadOnlyDictionary<long, long> _oldestTimes = new Dictionary<long, long>();

    public async Task RunAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            await Task.Delay(s_period, time, cancellationToken);
            try
            {
                _oldestTimes = await state.ReadAsync(WaitingTable.ReadOldest);
            }
            catch (StateException)
            {
                // The metrics show what was read before.
            }
        }
    }

    /// <summary>The age of the oldest waiting record of a subscription; zero: none waits.</summary>
    public TimeSpan Of(long subscription)
    {
        if (!_oldestTimes.TryGetValue(subscription, out var timeMs))
        {
            return TimeSpan.Zero;
        }

        var age = time.GetUtcNow() - DateTimeOffset.FromUnixTimeMilliseconds(timeMs);
        return age > TimeSpan.Zero ? age : TimeSpan.Zero;
    }
}
