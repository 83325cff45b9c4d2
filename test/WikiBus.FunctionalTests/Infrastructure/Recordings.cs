using System.Runtime.CompilerServices;
using System.Text.Json;

namespace WikiBus.FunctionalTests.Infrastructure;

/// <summary>The recorded traffic of real systems; tests skip if it is missing.</summary>
internal static class Recordings
{
    /// <summary>The <c>$wgSecretKey</c> of the recorded wiki.</summary>
    public static readonly byte[] SecretKey =
        "FAKE-TEST-ONLY-mediawiki-secret-key-0123456789abcdef-do-not-use"u8.ToArray();

    /// <summary>The lines of a recording, as JSON of any depth.</summary>
    public static List<JsonElement> Read(string file)
    {
        var options = new JsonDocumentOptions { MaxDepth = 100_000 };
        var lines = new List<JsonElement>();
        foreach (var line in File.ReadAllText(Path(file)).Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            using var document = JsonDocument.Parse(line, options);
            lines.Add(document.RootElement.Clone());
        }

        return lines;
    }

    /// <summary>A file or folder of the recordings; skips the test if it is missing.</summary>
    public static string Path(string name)
    {
        var path = System.IO.Path.Combine(Folder(), name);
        Assert.SkipUnless(
            System.IO.Path.Exists(path),
            $"{path} is not there; WIKIBUS_CONFORMANCE names the folder of the recordings.");
        return path;
    }

    private static string Folder([CallerFilePath] string source = "") =>
        Environment.GetEnvironmentVariable("WIKIBUS_CONFORMANCE")
        ?? System.IO.Path.GetFullPath("../../../../shared/conformance", System.IO.Path.GetDirectoryName(source)!);
}
