using System.Runtime.CompilerServices;
using System.Text.Json;

namespace WikiBus.Schemas.Tests;

/// <summary>Recordings and test data from elsewhere, in a folder beside the repository.</summary>
internal static class Conformance
{
    private static readonly string s_root = Environment.GetEnvironmentVariable("WIKIBUS_CONFORMANCE")
        ?? Path.GetFullPath(Path.Combine(RepositoryRoot(), "..", "shared", "conformance"));

    /// <summary>The path of a file or folder; without it the test is skipped.</summary>
    public static string PathOf(params ReadOnlySpan<string> parts)
    {
        var path = Path.Combine([s_root, .. parts]);
        Assert.SkipUnless(Path.Exists(path), $"conformance data is missing: {path} (set WIKIBUS_CONFORMANCE)");
        return path;
    }

    /// <summary>True if the file exists.</summary>
    public static bool Has(string name) => File.Exists(Path.Combine(s_root, name));

    /// <summary>The lines of a recording, as JSON.</summary>
    public static IEnumerable<JsonElement> ReadLines(string name)
    {
        foreach (var line in File.ReadAllText(PathOf(name)).Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            using var document = JsonDocument.Parse(line);
            yield return document.RootElement.Clone();
        }
    }

    private static string RepositoryRoot([CallerFilePath] string file = "") =>
        Path.GetFullPath(Path.Combine(Path.GetDirectoryName(file)!, "..", ".."));
}
