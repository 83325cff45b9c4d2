namespace WikiBus.Server.Streaming.Connections;

/// <summary>A connection did not move although records lie ahead of its position.</summary>
internal sealed class StandstillException(long position)
    : Exception($"A connection stands still at position {position} although records lie ahead of it.");
