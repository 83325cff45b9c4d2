using System.Diagnostics;
using System.Text.RegularExpressions;
using WikiBus.FunctionalTests.Infrastructure;

namespace WikiBus.FunctionalTests.Documents;

/// <summary>
/// The examples of docs/protocol.md, run as they stand there. Each says behind it what it answers.
/// </summary>
public sealed partial class ProtocolExamplesTests
{
    // The body is dropped, the status told. A stream goes on for ever, so each has an end.
    private const string Curl =
        "curl() { command curl -s -o /dev/null -w '%{http_code}\\n' --max-time 3 \"$@\"; return 0; }\n";

    [Fact]
    public async Task EveryExample_AnswersWhatThePageSays()
    {
        Assert.SkipUnless(File.Exists("/usr/bin/curl"), "curl is not installed.");
        await using var server = await RunningServer.StartAsync();
        var page = await File.ReadAllTextAsync(
            Path.Combine(WikiBusBinary.Root, "docs", "protocol.md"), TestTime.Token());
        var examples = Example().Matches(page);
        examples.Count.ShouldBe(CurlBlock().Count(page), "an example does not say what it answers");
        examples.Count.ShouldBeGreaterThan(4);

        foreach (Match example in examples)
        {
            var commands = example.Groups["commands"].Value;
            var statuses = await RunAsync(server, commands);
            statuses.ShouldNotBeEmpty(commands);
            statuses.ShouldAllBe(status => status == example.Groups["status"].Value, commands);
        }
    }

    private static async Task<string[]> RunAsync(RunningServer server, string commands)
    {
        var script = Curl + commands.Replace(
            "http://localhost:8192", server.Address.GetLeftPart(UriPartial.Authority), StringComparison.Ordinal);
        var start = new ProcessStartInfo("bash", ["-c", script])
        {
            RedirectStandardOutput = true,
            WorkingDirectory = Path.GetDirectoryName(server.DataDirectory)!,
        };
        using var process = Process.Start(start)!;
        var output = await process.StandardOutput.ReadToEndAsync(TestTime.Token());
        await process.WaitForExitAsync(TestTime.Token());
        return output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
    }

    [GeneratedRegex(@"^```\n(?<commands>curl [^`]*?)^```\n\nanswers? `(?<status>\d{3})`",
        RegexOptions.Multiline | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Example();

    [GeneratedRegex(@"^```\ncurl ", RegexOptions.Multiline, 1000)]
    private static partial Regex CurlBlock();
}
