using System.Collections.Frozen;
using System.Reflection;

namespace WikiBus.Schemas.Sources;

/// <summary>
/// The schemas that come with the program, embedded as <c>BuiltIn/…/VERSION.yaml</c>, or as
/// <c>BuiltIn/…/family.yaml</c> where many versions differ by a few members.
/// </summary>
internal sealed class BuiltInSource : ISchemaSource
{
    private const string ResourcePrefix = "BuiltIn";
    private const string FamilyName = "/family.yaml";

    private static readonly Assembly s_assembly = typeof(BuiltInSource).Assembly;

    private static readonly Lazy<FrozenSet<string>> s_paths = new(static () => s_assembly.GetManifestResourceNames()
        .Where(static name => name.StartsWith(ResourcePrefix, StringComparison.Ordinal))
        .Select(static name => name[ResourcePrefix.Length..])
        .ToFrozenSet(StringComparer.Ordinal));

    /// <summary>The URIs of all built-in schemas, fragments included.</summary>
    public static IEnumerable<string> Uris => s_paths.Value
        .SelectMany(static path => path.EndsWith(FamilyName, StringComparison.Ordinal)
            ? SchemaFamily.Parse(Load(path)).Versions.Select(version => path[..^FamilyName.Length] + "/" + version)
            : [path[..^".yaml".Length]])
        .Order(StringComparer.Ordinal);

    public ValueTask<SourceReading> ReadAsync(string path, bool isRefresh, CancellationToken cancellationToken) =>
        ValueTask.FromResult(IsFile(path) ? SourceReading.Found(Load(path)) : ReadFamily(path));

    private static bool IsFile(string path) =>
        s_paths.Value.Contains(path) && !path.EndsWith(FamilyName, StringComparison.Ordinal);

    private static SourceReading ReadFamily(string path)
    {
        var folderEnd = path.LastIndexOf('/');
        var family = path[..folderEnd] + FamilyName;
        if (!s_paths.Value.Contains(family))
        {
            return SourceReading.Missing;
        }

        return SchemaFamily.Parse(Load(family)).Render(path[..folderEnd], path[(folderEnd + 1)..]) is { } json
            ? SourceReading.Found(json)
            : SourceReading.Missing;
    }

    private static ReadOnlyMemory<byte> Load(string path)
    {
        using var resource = s_assembly.GetManifestResourceStream(ResourcePrefix + path)!;
        var text = new byte[resource.Length];
        resource.ReadExactly(text);
        return text;
    }
}
