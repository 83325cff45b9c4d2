using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Json;

namespace WikiBus.Events.Tests;

/// <summary>The recorded traffic of real systems; tests skip if it is missing.</summary>
internal static class Recordings
{
    /// <summary>The <c>$wgSecretKey</c> of the recorded wiki.</summary>
    public static readonly byte[] SecretKey =
        "FAKE-TEST-ONLY-mediawiki-secret-key-0123456789abcdef-do-not-use"u8.ToArray();

    /// <summary>The folder of the recordings, which may be missing.</summary>
    public static string Folder { get; } = FindFolder();

    /// <summary>The lines of a recording, as JSON.</summary>
    public static IEnumerable<JsonElement> Read(string file)
    {
        var path = Path.Combine(Folder, file);
        Assert.SkipUnless(File.Exists(path), $"{path} is not there; WIKIBUS_CONFORMANCE names the recordings' folder.");
        foreach (var line in File.ReadAllText(path).Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            using var document = JsonDocument.Parse(line);
            yield return document.RootElement.Clone();
        }
    }

    /// <summary>The events that the recorded wiki posted, in order, each with its exact bytes.</summary>
    public static IEnumerable<(JsonElement Event, byte[] Bytes)> Events()
    {
        foreach (var request in Read("mediawiki-capture.jsonl"))
        {
            using var body = JsonDocument.Parse(request.GetProperty("body").GetString()!);
            foreach (var posted in body.RootElement.EnumerateArray())
            {
                yield return (posted.Clone(), Encoding.UTF8.GetBytes(posted.GetRawText()));
            }
        }
    }

    private static string FindFolder([CallerFilePath] string source = "") =>
        Environment.GetEnvironmentVariable("WIKIBUS_CONFORMANCE")
        ?? Path.GetFullPath("../../../shared/conformance", Path.GetDirectoryName(source)!);
}
