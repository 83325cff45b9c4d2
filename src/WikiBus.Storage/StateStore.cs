namespace WikiBus.Storage;

/// <summary>
/// A durable map from keys (at most 512 bytes) to values, on the same segment code as the log: the latest value per key wins.
/// Keys are listed by prefix in byte order. All members are safe for concurrent use.
/// </summary>
public sealed class StateStore : IAsyncDisposable
{
    /// <summary>Opens (or creates) the store in a directory and recovers it.</summary>
    /// <exception cref="LogDamagedException">The store is damaged beyond a torn tail; says where.</exception>
    public static StateStore Open(string directory, StateStoreOptions options, IFileSystem files, TimeProvider time) =>
        throw new NotImplementedException();

    /// <summary>The value of a key and its version; null when there is none.</summary>
    public StateValue? Get(ReadOnlySpan<byte> key) => throw new NotImplementedException();

    /// <summary>The keys with a prefix and their values, in byte order of the keys, from after <paramref name="after"/> on.</summary>
    public IReadOnlyList<KeyValuePair<byte[], StateValue>> List(
        ReadOnlySpan<byte> prefix, int countMax, ReadOnlySpan<byte> after = default) => throw new NotImplementedException();

    /// <summary>
    /// Puts and deletes atomically. False, with nothing changed, when a change's expected version is not the key's.
    /// Completes once durable.
    /// </summary>
    /// <exception cref="IOException">Not durable: the disk is full or fails.</exception>
    public ValueTask<bool> CommitAsync(IReadOnlyList<StateChange> changes) => throw new NotImplementedException();

    /// <inheritdoc />
    public ValueTask DisposeAsync() => throw new NotImplementedException();
}
