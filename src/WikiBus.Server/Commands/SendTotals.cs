namespace WikiBus.Server.Commands;

/// <summary>What came of the events sent so far.</summary>
internal sealed class SendTotals
{
    public long Accepted { get; set; }

    public long Refused { get; set; }
}
