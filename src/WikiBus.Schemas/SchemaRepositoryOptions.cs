namespace WikiBus.Schemas;

/// <summary>Settings of a <see cref="SchemaRepository"/>.</summary>
public sealed record SchemaRepositoryOptions
{
    /// <summary>Folders or http(s) URLs, first match wins. Default none.</summary>
    public IReadOnlyList<string> Sources { get; init; } = [];

    /// <summary>True: the built-in schemas are the last source. Default true.</summary>
    public bool IncludeBuiltIn { get; init; } = true;

    /// <summary>The folder for the last good copies of URL sources; null: no copies. Default null.</summary>
    public string? CacheDirectory { get; init; }

    /// <summary>How often folders and URLs are read again. Default 5 min.</summary>
    public TimeSpan RefreshInterval { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>Absolute <c>$schema</c> URIs that are allowed, compared exactly. Default none.</summary>
    public IReadOnlyList<string> AllowedAbsoluteUris { get; init; } = [];

    /// <summary>Most schemas kept; further ones are refused. Default 10,000.</summary>
    public int SchemaCountMax { get; init; } = 10_000;

    /// <summary>Most bytes of one schema. Default 1 MiB.</summary>
    public int SchemaBytesMax { get; init; } = 1 << 20;

    /// <summary>Time limit for one fetch. Default 5 s.</summary>
    public TimeSpan FetchTimeout { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>
    /// Gets a sentence for the operator for each text that should exist and cannot be read. Called from several
    /// threads; must not throw. Default null.
    /// </summary>
    public Action<string>? Report { get; init; }
}
