using WikiBus.Schemas;
using WikiBus.Server.Options;

namespace WikiBus.Server.Schemas;

/// <summary>Settings of the schemas that are not built in, section <c>Schemas</c>.</summary>
internal sealed class SchemasOptions : IFeatureOptions
{
    private static readonly SchemaRepositoryOptions s_defaults = new();

    public static string Section => "Schemas";

    /// <summary>Folders or http(s) URLs, first match wins; the built-in schemas come last.</summary>
    public IReadOnlyList<string> Sources { get; set; } = s_defaults.Sources;

    /// <summary>How often folders and URLs are read again.</summary>
    public TimeSpan RefreshInterval { get; set; } = s_defaults.RefreshInterval;

    /// <summary>Absolute <c>$schema</c> URIs that events may name, exactly as they name them.</summary>
    public IReadOnlyList<string> AllowedAbsoluteUris { get; set; } = s_defaults.AllowedAbsoluteUris;

    /// <summary>Most schemas kept; events that name further ones are refused.</summary>
    public int SchemaCountMax { get; set; } = s_defaults.SchemaCountMax;

    /// <summary>Most bytes of one schema.</summary>
    public int SchemaBytesMax { get; set; } = s_defaults.SchemaBytesMax;

    /// <summary>Time limit for one fetch.</summary>
    public TimeSpan FetchTimeout { get; set; } = s_defaults.FetchTimeout;

    public IEnumerable<OptionFault> Validate() =>
    [
        .. Sources.SelectMany(static source => OptionChecks.That(
            IsFolderOrUrl(source), "Schemas:Sources", source,
            "a folder that exists or an http(s) URL without a password is")),
        .. AllowedAbsoluteUris.SelectMany(static uri => OptionChecks.That(
            OptionChecks.IsHttpUrl(uri), "Schemas:AllowedAbsoluteUris", uri,
            "an http(s) URL without a password is")),
        .. OptionChecks.Within(
            "Schemas:RefreshInterval", RefreshInterval, TimeSpan.FromSeconds(1), TimeSpan.FromDays(1)),
        .. OptionChecks.Within("Schemas:SchemaCountMax", SchemaCountMax, 1, 1_000_000),
        .. OptionChecks.Within("Schemas:SchemaBytesMax", SchemaBytesMax, 1 << 10, 16 << 20),
        .. OptionChecks.Within(
            "Schemas:FetchTimeout", FetchTimeout, TimeSpan.FromMilliseconds(100), TimeSpan.FromMinutes(1)),
    ];

    /// <param name="cacheDirectory">Where the last good copies of fetched schemas are kept.</param>
    /// <param name="report">Called for each text that could not be read.</param>
    public SchemaRepositoryOptions ToRepositoryOptions(string cacheDirectory, Action<string> report) => new()
    {
        Sources = Sources,
        CacheDirectory = cacheDirectory,
        RefreshInterval = RefreshInterval,
        AllowedAbsoluteUris = AllowedAbsoluteUris,
        SchemaCountMax = SchemaCountMax,
        SchemaBytesMax = SchemaBytesMax,
        FetchTimeout = FetchTimeout,
        Report = report,
    };

    private static bool IsFolderOrUrl(string source) =>
        source.Contains("://", StringComparison.Ordinal) ? OptionChecks.IsHttpUrl(source) : Directory.Exists(source);
}
