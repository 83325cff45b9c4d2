namespace WikiBus.Server.Commands.Client;

/// <summary>Delays between attempts: each is twice the one before, up to a limit.</summary>
internal sealed class BackOff(TimeSpan delayMin, TimeSpan delayMax)
{
    private const int DoublingsMax = 10;

    /// <summary>The delay before the next attempt.</summary>
    /// <param name="doublings">How often the shortest delay is doubled.</param>
    /// <param name="asked">What the server asked for; counts if it is longer, up to the limit.</param>
    public TimeSpan Delay(int doublings, TimeSpan asked = default)
    {
        var doubled = delayMin * Math.Pow(2, Math.Min(doublings, DoublingsMax));
        var delay = doubled > asked ? doubled : asked;
        return delay < delayMax ? delay : delayMax;
    }
}
