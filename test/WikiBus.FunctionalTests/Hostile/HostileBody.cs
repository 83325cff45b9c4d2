namespace WikiBus.FunctionalTests.Hostile;

/// <summary>A body of events.</summary>
/// <param name="Bytes">The body.</param>
/// <param name="Ids">The ids of the events that are to be stored.</param>
internal sealed record HostileBody(byte[] Bytes, IReadOnlyList<string> Ids);
