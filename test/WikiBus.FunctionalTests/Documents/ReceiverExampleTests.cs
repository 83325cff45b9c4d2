using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;
using WikiBus.FunctionalTests.Infrastructure;
using WikiBus.FunctionalTests.Streaming;
using WikiBus.FunctionalTests.Webhooks;

namespace WikiBus.FunctionalTests.Documents;

/// <summary>The receivers of docs/protocol.md, which are the samples.</summary>
public sealed partial class ReceiverExampleTests
{
    private static readonly string s_samples = Path.Combine(WikiBusBinary.Root, "samples", "WebhookReceiver");

    [Fact]
    public async Task PythonReceiver_PrintsTheEventsThatVerify()
    {
        Assert.SkipUnless(Programs.Has("python3"), "python3 is not installed.");
        await PrintsWhatVerifiesAsync("python3", Path.Combine(s_samples, "receiver.py"));
    }

    [Fact]
    public Task CSharpReceiver_PrintsTheEventsThatVerify() =>
        // The tests and the samples are built together, into folders side by side.
        PrintsWhatVerifiesAsync(Path.Combine(
            AppContext.BaseDirectory, "..", "..", "WebhookReceiver",
            Path.GetFileName(AppContext.BaseDirectory.TrimEnd('/')), "WebhookReceiver"));

    [Theory]
    [InlineData("python", "receiver.py")]
    [InlineData("csharp", "Program.cs")]
    public async Task Page_ShowsTheSample(string language, string file)
    {
        var page = await File.ReadAllTextAsync(
            Path.Combine(WikiBusBinary.Root, "docs", "protocol.md"), TestTime.Token());

        Code().Matches(page).Single(block => block.Groups["language"].Value == language).Groups["code"].Value
            .ShouldBe(await File.ReadAllTextAsync(Path.Combine(s_samples, file), TestTime.Token()));
    }

    private static async Task PrintsWhatVerifiesAsync(string program, params string[] arguments)
    {
        using var port = new ReservedPort();
        await using var server = await RunningServer.StartAsync();
        using var receiver = Process.Start(new ProcessStartInfo(
            program, [.. arguments, SubscriptionApi.Secret, port.Number.ToString(CultureInfo.InvariantCulture)])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = s_samples,
        })!;
        try
        {
            var url = $"http://127.0.0.1:{port.Number}/";
            var id = (await SubscriptionApi.CreateAsync(
                server, url, $$"""{"secret":"{{SubscriptionApi.Secret}}"}""")).Text("id");
            await TestEvents.AppendAsync(server, "a.event", 7);
            (await receiver.StandardOutput.ReadLineAsync(TestTime.Token())).ShouldBe(TestEvents.Json("a.event", 7));
            await SubscriptionApi.WaitAsync(server, id, static one => one.GetProperty("lag").GetInt64() == 0);

            var stranger = (await SubscriptionApi.CreateAsync(server, url)).Text("id");
            var refused = await SubscriptionApi.CallAsync(server, HttpMethod.Post, $"/{stranger}/test", 200);

            refused.GetProperty("status").GetInt32().ShouldBe(401);
            (await receiver.StandardOutput.ReadLineAsync(TestTime.Token())).ShouldBe("not from WikiBus");
        }
        finally
        {
            receiver.Kill();
        }
    }

    [GeneratedRegex(
        @"^```(?<language>python|csharp)\n(?<code>[^`]*)^```", RegexOptions.Multiline | RegexOptions.ExplicitCapture,
        1000)]
    private static partial Regex Code();
}
