namespace WikiBus.Storage;

/// <summary>One change of a batch.</summary>
/// <param name="Key">The key, 1 to 512 bytes.</param>
/// <param name="Value">The new value; null deletes the key.</param>
/// <param name="ExpectedVersion">The version that the key must have (0: it must not exist); null: whatever it
/// has.</param>
public readonly record struct StateChange(
    ReadOnlyMemory<byte> Key, ReadOnlyMemory<byte>? Value, long? ExpectedVersion = null);
