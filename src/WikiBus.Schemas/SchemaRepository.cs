namespace WikiBus.Schemas;

/// <summary>
/// Finds schemas by relative URI (<c>/mediawiki/job/1.0.0</c>) in the built-in set, folders and URLs, first match wins, and keeps them compiled.
/// All members are safe for concurrent use.
/// </summary>
public sealed class SchemaRepository : IAsyncDisposable
{
    /// <summary>Opens a repository over sources in order. The built-in schemas come last unless disabled.</summary>
    public SchemaRepository(SchemaRepositoryOptions options, TimeProvider time) => throw new NotImplementedException();

    /// <summary>A schema already compiled; false when it has to be looked up by <see cref="GetAsync"/>. Does not allocate.</summary>
    public bool TryGet(ReadOnlySpan<byte> uri, out CompiledSchema? schema) => throw new NotImplementedException();

    /// <summary>Finds and compiles a schema; the fault is for people and names no file of the server.</summary>
    public ValueTask<SchemaLookup> GetAsync(string uri, CancellationToken cancellationToken) => throw new NotImplementedException();

    /// <summary>The text of a schema as it was found; null when there is none.</summary>
    public ValueTask<SchemaText?> GetTextAsync(string uri, CancellationToken cancellationToken) => throw new NotImplementedException();

    /// <summary>Reads folders again and refetches URLs; what fails keeps its last good copy.</summary>
    public ValueTask ReloadAsync(CancellationToken cancellationToken) => throw new NotImplementedException();

    /// <inheritdoc />
    public ValueTask DisposeAsync() => throw new NotImplementedException();
}
