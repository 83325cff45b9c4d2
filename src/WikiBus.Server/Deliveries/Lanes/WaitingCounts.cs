namespace WikiBus.Server.Deliveries.Lanes;

/// <summary>How many deliveries wait or are dead, and their bytes. Belongs to the engine's lock.</summary>
internal sealed class WaitingCounts
{
    public int Waiting { get; set; }

    public int Dead { get; set; }

    public long WaitingBytes { get; set; }

    public long DeadBytes { get; set; }
}
