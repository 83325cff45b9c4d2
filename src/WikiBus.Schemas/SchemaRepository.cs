using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;
using WikiBus.Schemas.Loading;
using WikiBus.Schemas.Sources;

namespace WikiBus.Schemas;

/// <summary>
/// Finds schemas by relative URI (<c>/mediawiki/job/1.0.0</c>) in folders, URLs and the built-in set, first match wins,
/// and keeps them compiled. It reads the sources again every <see cref="SchemaRepositoryOptions.RefreshInterval"/>; a
/// schema that then cannot be read stays as it was. All members are safe for concurrent use.
/// </summary>
public sealed class SchemaRepository : IAsyncDisposable
{
    /// <summary>
    /// How long a fault is remembered, so that not every event with a bad <c>$schema</c> asks a server.
    /// </summary>
    internal static readonly TimeSpan FaultLifetime = TimeSpan.FromSeconds(10);

    /// <summary>Most faults remembered.</summary>
    private const int FaultCountMax = 1_000;

    private readonly SchemaRepositoryOptions _options;
    private readonly TimeProvider _time;
    private readonly UrlFetcher _fetcher;
    private readonly DocumentCache _documents;
    private readonly SchemaLoader _loader;
    private readonly CancellationTokenSource _stopping = new();
    private readonly Task _refreshing;

    private readonly ConcurrentDictionary<string, LoadedSchema> _schemas = new(RepositoryUriComparer.Instance);
    private readonly ConcurrentDictionary<string, LoadedSchema>.AlternateLookup<ReadOnlySpan<byte>> _schemasByBytes;
    private readonly ConcurrentDictionary<string, Lazy<Task<SchemaLookup>>> _loading = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, (string Fault, long Since)> _faults = new(StringComparer.Ordinal);

    /// <summary>
    /// Opens a repository over sources in order. The built-in schemas come last unless disabled. It reads nothing yet.
    /// </summary>
    /// <exception cref="ArgumentException">A source is neither a folder nor an http(s) URL.</exception>
    public SchemaRepository(SchemaRepositoryOptions options, TimeProvider time)
    {
        _options = options;
        _time = time;
        _fetcher = new UrlFetcher(options.CacheDirectory, options.SchemaBytesMax, options.FetchTimeout, time);
        var reader = new DocumentReader(OpenSources(options, _fetcher), _fetcher, options.AllowedAbsoluteUris);
        _documents = new DocumentCache(reader, options.SchemaCountMax, options.Report, _stopping.Token);
        _loader = new SchemaLoader(_documents);
        _schemasByBytes = _schemas.GetAlternateLookup<ReadOnlySpan<byte>>();
        var canChange = options.Sources.Count + options.AllowedAbsoluteUris.Count > 0;
        _refreshing = canChange ? RefreshAsync() : Task.CompletedTask;
    }

    /// <summary>The URIs of the built-in schemas, fragments included, in order.</summary>
    public static IReadOnlyList<string> BuiltInUris => [.. BuiltInSource.Uris];

    /// <summary>
    /// Gets a compiled schema; false when <see cref="GetAsync"/> must look for it. Does not allocate.
    /// </summary>
    public bool TryGet(ReadOnlySpan<byte> uri, [NotNullWhen(true)] out CompiledSchema? schema)
    {
        _schemasByBytes.TryGetValue(RepositoryUri.WithoutEmptyFragment(uri), out var loaded);
        schema = loaded?.Schema;
        return schema is not null;
    }

    /// <summary>Finds and compiles a schema. A fault is a sentence that names no file of the server.</summary>
    public async ValueTask<SchemaLookup> GetAsync(string uri, CancellationToken cancellationToken)
    {
        var key = ToKey(uri);
        if (key is null)
        {
            return new SchemaLookup(null, DescribeRefusal(uri));
        }

        if (_schemas.TryGetValue(key, out var known))
        {
            return new SchemaLookup(known.Schema, null);
        }

        if (_faults.TryGetValue(key, out var fault) && _time.GetElapsedTime(fault.Since) < FaultLifetime)
        {
            return new SchemaLookup(null, fault.Fault);
        }

        var loading = _loading.GetOrAdd(
            key, static (key, self) => new Lazy<Task<SchemaLookup>>(() => self.LoadAsync(key)), this);
        return await loading.Value.WaitAsync(cancellationToken).ConfigureAwait(false);
    }

    /// <summary>The text of a schema in its source; null when there is none.</summary>
    public async ValueTask<SchemaText?> GetTextAsync(string uri, CancellationToken cancellationToken)
    {
        if (ToKey(uri) is not { } key)
        {
            return null;
        }

        return await _documents.GetAsync(key).AsTask().WaitAsync(cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Reads folders and URLs again; the last good copy stays where that fails.</summary>
    public async ValueTask ReloadAsync(CancellationToken cancellationToken)
    {
        var changed = await _documents.RefreshAsync(cancellationToken).ConfigureAwait(false);
        _faults.Clear();
        foreach (var (uri, known) in _schemas)
        {
            if (!known.Documents.Any(changed.Contains))
            {
                continue;
            }

            var loaded = await _loader.LoadAsync(uri).ConfigureAwait(false);
            if (loaded.Schema is not null)
            {
                _schemas[uri] = loaded;
            }
            else
            {
                _options.Report?.Invoke($"{loaded.Fault} (the schema compiled before stays in use)");
            }
        }
    }

    /// <inheritdoc />
    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync().ConfigureAwait(false);
        await _refreshing.ConfigureAwait(false);
        _fetcher.Dispose();
        _stopping.Dispose();
    }

    private static List<ISchemaSource> OpenSources(SchemaRepositoryOptions options, UrlFetcher fetcher)
    {
        var sources = new List<ISchemaSource>();
        foreach (var source in options.Sources)
        {
            if (!source.Contains("://", StringComparison.Ordinal))
            {
                sources.Add(new FolderSource(source, options.SchemaBytesMax));
            }
            else if (Uri.TryCreate(source, UriKind.Absolute, out var url) && url.Scheme is "http" or "https")
            {
                sources.Add(new UrlSource(source, fetcher));
            }
            else
            {
                throw new ArgumentException($"'{source}' is neither a folder nor an http(s) URL.", nameof(options));
            }
        }
        if (options.IncludeBuiltIn)
        {
            sources.Add(new BuiltInSource());
        }

        return sources;
    }

    /// <summary>The key of a URI; null for a URI that is refused.</summary>
    private string? ToKey(string uri)
    {
        var key = RepositoryUri.WithoutEmptyFragment(uri);
        // EventGate concatenates base and URI, so a base that ends in a slash goes with URIs that begin without one.
        if (!key.StartsWith('/') && _options.Sources.Any(static source => source.EndsWith('/')))
        {
            key = RepositoryUri.IsAbsolute(key) ? key : "/" + key;
        }

        var isAllowed = RepositoryUri.IsPath(key) || _options.AllowedAbsoluteUris.Contains(key, StringComparer.Ordinal);
        return isAllowed ? key : null;
    }

    private static string DescribeRefusal(string uri) => RepositoryUri.IsAbsolute(uri)
        ? $"Absolute schema URIs are not allowed but event schema_uri is {uri}"
        : $"Failed loading schema at {uri}";

    private async Task<SchemaLookup> LoadAsync(string key)
    {
        try
        {
            // Another load may have ended since the caller looked.
            if (_schemas.TryGetValue(key, out var known))
            {
                return new SchemaLookup(known.Schema, null);
            }

            if (_schemas.Count >= _options.SchemaCountMax)
            {
                return new SchemaLookup(null, $"Failed loading schema at {key}: {_options.SchemaCountMax} are kept");
            }

            var loaded = await _loader.LoadAsync(key).ConfigureAwait(false);
            if (loaded.Schema is not null)
            {
                _schemas[key] = loaded;
            }
            else
            {
                RememberFault(key, loaded.Fault!);
            }

            return new SchemaLookup(loaded.Schema, loaded.Fault);
        }
        finally
        {
            _loading.TryRemove(key, out _);
        }
    }

    private void RememberFault(string key, string fault)
    {
        if (_faults.Count >= FaultCountMax)
        {
            _faults.Clear();
        }

        _faults[key] = (fault, _time.GetTimestamp());
    }

    private async Task RefreshAsync()
    {
        using var timer = new PeriodicTimer(_options.RefreshInterval, _time);
        try
        {
            while (await timer.WaitForNextTickAsync(_stopping.Token).ConfigureAwait(false))
            {
                await TryReloadAsync().ConfigureAwait(false);
            }
        }
        catch (OperationCanceledException) when (_stopping.IsCancellationRequested)
        {
            // Disposed.
        }
    }

    /// <summary>Catches everything: one bad round must not end the refreshing for good.</summary>
    private async Task TryReloadAsync()
    {
        try
        {
            await ReloadAsync(_stopping.Token).ConfigureAwait(false);
        }
        catch (Exception exception) when (!_stopping.IsCancellationRequested)
        {
            _options.Report?.Invoke($"Refreshing the schemas failed: {exception.Message}");
        }
    }
}

/// <summary>The answer of <see cref="SchemaRepository.GetAsync"/>: either a schema or a fault.</summary>
/// <param name="Schema">The schema; null when there is a fault.</param>
/// <param name="Fault">Why there is none; null when there is one.</param>
public readonly record struct SchemaLookup(CompiledSchema? Schema, string? Fault);
