namespace WikiBus.Server.Commands;

/// <summary>How many of the events sent so far were accepted and refused.</summary>
internal sealed class SendTotals
{
    public long Accepted { get; set; }

    public long Refused { get; set; }
}
