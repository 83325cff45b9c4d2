namespace WikiBus.Storage.Tests.Simulation;

/// <summary>
/// One atomic change of a directory: a name goes, a name gets a file or directory, or (a rename) both at once.
/// </summary>
internal sealed record EntryChange(string? Removed, string? Added, object? Target);
