namespace WikiBus.Storage.State;

/// <summary>
/// A key of the state store with its version and its value, or the place on disk where the value stands.
/// </summary>
internal sealed record StateEntry(byte[] Key, long Version, byte[]? InlineValue, StatePlace? Place)
{
    /// <summary>An entry that only serves to look its key up.</summary>
    public static StateEntry Probe(ReadOnlySpan<byte> key) => new(key.ToArray(), 0, null, null);

    /// <summary>Reads the value. False when its segment is gone: then the index names its new place.</summary>
    /// <exception cref="InvalidDataException">The record is damaged; says where.</exception>
    public bool TryRead(out StateValue? value)
    {
        var bytes = InlineValue;
        var isThere = bytes is not null || Place!.TryReadValue(out bytes);
        value = isThere ? new StateValue(Version, bytes) : null;
        return isThere;
    }
}
