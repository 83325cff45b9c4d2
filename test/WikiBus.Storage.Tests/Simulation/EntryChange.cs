namespace WikiBus.Storage.Tests.Simulation;

/// <summary>
/// One atomic change of a directory: a name is removed, a name gets a file or directory, or (a rename) both.
/// </summary>
internal sealed record EntryChange(string? Removed, string? Added, object? Target);
