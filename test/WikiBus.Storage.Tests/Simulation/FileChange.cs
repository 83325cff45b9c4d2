namespace WikiBus.Storage.Tests.Simulation;

/// <summary>A write at an offset, or (with no bytes) a new length.</summary>
internal sealed record FileChange(long Offset, byte[]? Bytes);
