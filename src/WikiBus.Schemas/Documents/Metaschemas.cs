using System.Reflection;

namespace WikiBus.Schemas.Documents;

/// <summary>The drafts' own schemas, built in.</summary>
internal static class Metaschemas
{
    private const string Site = "json-schema.org/";
    private const string Vocabularies = "draft/2020-12/";

    private static readonly Dictionary<string, SchemaDialect> s_dialects = new(StringComparer.Ordinal)
    {
        ["draft-04/schema"] = SchemaDialect.Draft4,
        ["draft-06/schema"] = SchemaDialect.Draft6,
        ["draft-07/schema"] = SchemaDialect.Draft7,
        ["draft/2020-12/schema"] = SchemaDialect.Draft202012,
    };

    /// <summary>
    /// The dialect that a <c>$schema</c> names; null for another URI. http and https are the same; an empty fragment
    /// does not count.
    /// </summary>
    public static SchemaDialect? DialectOf(string uri) =>
        PathOf(uri.TrimEnd('#')) is { } path && s_dialects.TryGetValue(path, out var dialect) ? dialect : null;

    /// <summary>The text of a metaschema or of a vocabulary; null for another URI.</summary>
    public static ReadOnlyMemory<byte>? Find(string uri)
    {
        var path = PathOf(uri);
        if (path is null || (!s_dialects.ContainsKey(path) && !path.StartsWith(Vocabularies, StringComparison.Ordinal)))
        {
            return null;
        }

        var name = "WikiBus.Schemas.Metaschemas." + path.Replace('/', '.') + ".json";
        using var stream = Assembly.GetExecutingAssembly().GetManifestResourceStream(name);
        if (stream is null)
        {
            return null;
        }

        var text = new byte[stream.Length];
        stream.ReadExactly(text);
        return text;
    }

    /// <summary>The URI of a dialect's metaschema.</summary>
    public static string UriOf(SchemaDialect dialect) =>
        (dialect == SchemaDialect.Draft202012 ? "https://" : "http://")
        + Site + s_dialects.First(entry => entry.Value == dialect).Key;

    private static string? PathOf(string uri)
    {
        foreach (var prefix in (ReadOnlySpan<string>)["http://" + Site, "https://" + Site])
        {
            if (uri.StartsWith(prefix, StringComparison.Ordinal))
            {
                return uri[prefix.Length..];
            }
        }
        return null;
    }
}
