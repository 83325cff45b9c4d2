using System.Diagnostics;
using WikiBus.FunctionalTests.Commands;
using WikiBus.FunctionalTests.Infrastructure;

namespace WikiBus.FunctionalTests.Admin;

/// <summary>The page at <c>/</c> as a browser shows it.</summary>
public sealed class PageInBrowserTests
{
    private const string Browser = "chromium";

    [Fact]
    public async Task Opened_ShowsStreamsAndEventsWithoutAWarning()
    {
        await using var server = await RunningServer.StartAsync(("Access:PublicStreams:0", "eventstreams"));
        var sent = await WikiBusBinary.RunAsync(["send", SampleEvents.FilePath, "--url", $"{server.Address}"]);
        sent.ExitCode.ShouldBe(0, sent.Error);

        var (page, complaints) = await OpenAsync(server);

        page.ShouldContain("It takes events.");
        page.ShouldContain("<td>mediawiki.recentchange</td>");
        page.ShouldContain("<span class=\"stream\">mediawiki.recentchange</span>");
        complaints.ShouldBeEmpty();
    }

    [Fact]
    public async Task NothingPublic_SaysWhatToDo()
    {
        await using var server = await RunningServer.StartAsync();

        var (page, complaints) = await OpenAsync(server);

        page.ShouldContain("Access:PublicStreams");
        complaints.ShouldBeEmpty();
    }

    /// <summary>The page's elements after it has loaded, and the messages of the browser's console.</summary>
    private static async Task<(string Page, List<string> Complaints)> OpenAsync(RunningServer server)
    {
        var isThere = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':')
            .Any(static folder => File.Exists(Path.Combine(folder, Browser)));
        Assert.SkipUnless(isThere, $"The command {Browser} is not installed.");
        using var profile = new TestDirectory();
        using var browser = Process.Start(new ProcessStartInfo(
            Browser,
            [
                "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--disable-background-networking",
                "--enable-logging=stderr", $"--user-data-dir={profile.Combine("profile")}",
                "--virtual-time-budget=8000", "--dump-dom", server.Address.ToString(),
            ])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        try
        {
            var page = browser.StandardOutput.ReadToEndAsync();
            var said = browser.StandardError.ReadToEndAsync();
            await browser.WaitForExitAsync().WaitAsync(TestTime.Limit);
            var complaints = (await said).Split('\n')
                .Where(static line => line.Contains(":CONSOLE", StringComparison.Ordinal)).ToList();
            return (await page, complaints);
        }
        finally
        {
            if (!browser.HasExited)
            {
                browser.Kill(entireProcessTree: true);
            }
        }
    }
}
