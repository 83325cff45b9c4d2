namespace WikiBus.Server.Streaming;

/// <summary>What every connection works with.</summary>
internal sealed record StreamingParts(
    FrameFeed Feed, StreamingOptions Options, StreamingDiagnostics Diagnostics, TimeProvider Time);
