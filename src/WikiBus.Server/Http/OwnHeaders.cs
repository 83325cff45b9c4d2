namespace WikiBus.Server.Http;

/// <summary>The headers that only WikiBus has.</summary>
internal static class OwnHeaders
{
    /// <summary>How many of the accepted events the log had already.</summary>
    public const string Duplicates = "wikibus-duplicates";
}
