using WikiBus.Server.Streaming.Pages;
using WikiBus.Server.Streaming.Settings;

namespace WikiBus.Server.Streaming.Connections;

/// <summary>What every connection works with.</summary>
internal sealed record ConnectionParts(
    PageFeed Feed, CatchUpTurns Turns, StreamingOptions Options, StreamingDiagnostics Diagnostics, TimeProvider Time);
