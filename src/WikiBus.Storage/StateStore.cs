using WikiBus.Storage.State;

namespace WikiBus.Storage;

/// <summary>
/// A durable map from keys (at most 512 bytes) to values, on the same segment code as the log: the latest value per
/// key wins.
/// Keys are listed by prefix in byte order. All members are safe for concurrent use.
/// </summary>
public sealed class StateStore : IAsyncDisposable
{
    /// <summary>Most bytes of a key.</summary>
    public const int KeyBytesMax = 512;

    /// <summary>Most bytes of a value.</summary>
    public const int ValueBytesMax = 16 << 20;

    /// <summary>Most changes in one batch.</summary>
    public const int ChangesPerBatchMax = 10_000;

    /// <summary>Most bytes of keys and values in one batch.</summary>
    public const int BatchBytesMax = 64 << 20;

    private readonly IDisposable _lock;
    private readonly StateWriter _writer;
    private bool _isDisposed;

    private StateStore(IDisposable directoryLock, StateWriter writer)
    {
        _lock = directoryLock;
        _writer = writer;
    }

    /// <summary>Opens (or creates) the store in a directory and recovers it.</summary>
    /// <exception cref="LogDamagedException">The store is damaged beyond a torn tail, or of another format; says
    /// where.</exception>
    /// <exception cref="IOException">The directory cannot be used, or another process holds its lock.</exception>
    public static StateStore Open(string directory, StateStoreOptions options, IFileSystem files, TimeProvider time)
    {
        var path = Path.GetFullPath(directory);
        files.CreateDirectory(path);
        if (Path.GetDirectoryName(path) is { } parent)
        {
            files.FlushDirectory(parent);
        }

        var stateDirectory = new StateDirectory(path, files);
        var held = stateDirectory.Lock();
        try
        {
            var recovered = new StateRecovery(stateDirectory, options).Run();
            return new StateStore(held, new StateWriter(stateDirectory, options, recovered, time));
        }
        catch
        {
            held.Dispose();
            throw;
        }
    }

    /// <summary>The value of a key and its version; null when there is none.</summary>
    /// <exception cref="InvalidDataException">The value is damaged on disk; says where.</exception>
    /// <exception cref="ObjectDisposedException">The store was closed.</exception>
    public StateValue? Get(ReadOnlySpan<byte> key)
    {
        while (_writer.Index.Find(key) is { } entry)
        {
            ObjectDisposedException.ThrowIf(Volatile.Read(ref _isDisposed), this);
            // When its file has just gone the index names the value's new place: look again.
            if (entry.TryRead(out var value))
            {
                return value;
            }
        }

        return null;
    }

    /// <summary>
    /// The keys with a prefix and their values, in byte order of the keys, from after <paramref name="after"/> on; at
    /// most
    /// <paramref name="countMax"/> of them. A key that changes meanwhile appears with its old or its new value.
    /// </summary>
    /// <exception cref="InvalidDataException">A value is damaged on disk; says where.</exception>
    public IReadOnlyList<KeyValuePair<byte[], StateValue>> List(
        ReadOnlySpan<byte> prefix, int countMax, ReadOnlySpan<byte> after = default)
    {
        var found = new List<KeyValuePair<byte[], StateValue>>();
        foreach (var entry in _writer.Index.List(prefix, after).Take(countMax))
        {
            if (entry.TryRead(out var value) || (value = Get(entry.Key)) is not null)
            {
                found.Add(KeyValuePair.Create(entry.Key.ToArray(), value!));
            }
        }

        return found;
    }

    /// <summary>
    /// Puts and deletes atomically. False, with nothing changed, when a change's expected version is not the key's.
    /// Completes once durable. Commits that wait together share one flush. Where a batch names a key twice, the later
    /// change wins, and both expectations are of the version before the batch.
    /// </summary>
    /// <exception cref="ArgumentException">A key, a value or the batch is beyond the limits of this class.</exception>
    /// <exception cref="IOException">
    /// The disk is full or fails. Whether the batch is durable is unknown: it is not visible now, and may be after a
    /// restart.
    /// </exception>
    /// <exception cref="ObjectDisposedException">The store was closed; nothing was changed.</exception>
    public ValueTask<bool> CommitAsync(IReadOnlyList<StateChange> changes)
    {
        foreach (var change in changes)
        {
            if (change.Key.Length is 0 or > KeyBytesMax || change.Value is { Length: > ValueBytesMax })
            {
                throw new ArgumentException(
                    $"A key has 1 to {KeyBytesMax} bytes, a value at most {ValueBytesMax}.", nameof(changes));
            }
        }

        var commit = new StateCommit(changes);
        if (changes.Count > ChangesPerBatchMax || commit.Bytes > BatchBytesMax)
        {
            throw new ArgumentException(
                $"A batch has at most {ChangesPerBatchMax} changes and {BatchBytesMax} bytes.", nameof(changes));
        }

        return changes.Count == 0 ? ValueTask.FromResult(true) : _writer.CommitAsync(commit);
    }

    /// <summary>Writes what was taken, marks the end as clean and releases the lock.</summary>
    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _isDisposed, true))
        {
            return;
        }

        await _writer.DisposeAsync().ConfigureAwait(false);
        _lock.Dispose();
    }
}
