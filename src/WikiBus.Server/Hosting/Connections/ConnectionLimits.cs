namespace WikiBus.Server.Hosting.Connections;

/// <summary>The limits of connections that are in force.</summary>
/// <param name="All">Most open connections.</param>
/// <param name="OfAddress">Most of one address that is neither trusted nor a trusted proxy.</param>
internal sealed record ConnectionLimits(int All, int OfAddress)
{
    /// <summary>One address gets at most a quarter, so that one client cannot take all.</summary>
    private const int SharesMin = 4;

    /// <summary>If descriptors limit the readers, producers keep one connection of this number.</summary>
    private const int ReadersPerProducer = 20;

    /// <param name="all">Most connections that the configuration wants.</param>
    /// <param name="ofAddress">Most of one address.</param>
    /// <param name="descriptors">What the system gives.</param>
    public static ConnectionLimits Of(int all, int ofAddress, DescriptorBudget descriptors)
    {
        var inForce = Math.Min(all, descriptors.ConnectionsMax);
        return new ConnectionLimits(inForce, Math.Min(ofAddress, Math.Max(1, inForce / SharesMin)));
    }

    /// <summary>Most connections of readers, who stay for hours.</summary>
    /// <param name="wanted">Most that the configuration wants.</param>
    public int OfReaders(int wanted) => Math.Min(wanted, All - Math.Max(1, All / ReadersPerProducer));
}
