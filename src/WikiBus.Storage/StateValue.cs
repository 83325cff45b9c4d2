namespace WikiBus.Storage;

/// <summary>A value of the state store.</summary>
/// <param name="Version">Grows with each change of the key; never 0.</param>
/// <param name="Value">The bytes.</param>
public sealed record StateValue(long Version, ReadOnlyMemory<byte> Value);
