namespace WikiBus.Server.Filters;

/// <summary>Patterns that must both match.</summary>
/// <param name="Channel">The pattern of the channel.</param>
/// <param name="Resource">The pattern of the resource; null: any resource, or none.</param>
internal sealed record PatternPair(ChannelPattern Channel, ChannelPattern? Resource);
