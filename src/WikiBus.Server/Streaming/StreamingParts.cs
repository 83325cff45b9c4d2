namespace WikiBus.Server.Streaming;

/// <summary>What every connection works with.</summary>
internal sealed record StreamingParts(
    FrameFeed Feed, CatchUpTurns Turns, StreamingOptions Options, StreamingDiagnostics Diagnostics, TimeProvider Time);
