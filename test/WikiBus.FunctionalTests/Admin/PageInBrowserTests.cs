using System.Diagnostics;
using System.Net;
using Microsoft.Extensions.DependencyInjection;
using WikiBus.FunctionalTests.Access;
using WikiBus.FunctionalTests.Commands;
using WikiBus.FunctionalTests.Infrastructure;
using WikiBus.FunctionalTests.Intake;
using WikiBus.FunctionalTests.Streaming;
using WikiBus.Server.Access;
using WikiBus.Server.Deliveries.Lanes;
using WikiBus.Server.Deliveries.Sending;
using WikiBus.Server.Deliveries.Tables;

namespace WikiBus.FunctionalTests.Admin;

/// <summary>The page at <c>/</c> as a browser shows it.</summary>
public sealed class PageInBrowserTests
{
    private const int OpenMax = 9;
    private const string Browser = "chromium";

    [Fact]
    public async Task Opened_ShowsStreamsAndEventsWithoutAWarning()
    {
        await using var server = await RunningServer.StartAsync(("Access:PublicStreams:0", "eventstreams"));
        var sent = await WikiBusBinary.RunAsync(["send", SampleEvents.FilePath, "--url", $"{server.Address}"]);
        sent.ExitCode.ShouldBe(0, sent.Error);

        var (page, complaints) = await OpenWithEventsAsync(server.Address);

        page.ShouldContain("It takes events.");
        page.ShouldContain("<td>mediawiki.recentchange</td>");
        page.ShouldContain("<span class=\"stream\">mediawiki.recentchange</span>");
        page.ShouldContain($"events.ndjson<span class=\"url\"> --url http://{server.Address.Authority}</span>");
        complaints.ShouldBeEmpty();
    }

    [Fact]
    public async Task Events_ShowTheirTimeAndWhatTheyHave()
    {
        await using var server = await RunningServer.StartAsync(("Access:PublicStreams", "test.event"));
        await IntakePost.SendAsync(server, """
            {"$schema":"/test/event/1.0.0","meta":{"stream":"test.event","dt":"2020-02-03T04:05:06Z"},"test":""}
            """);
        await IntakePost.SendAsync(server, KeyApi.Event(domain: "wiki.example.org"));

        var (page, complaints) = await OpenWithEventsAsync(server.Address);

        page.ShouldMatch("<time title=\"2020-02-03T04:05:06.000Z\" datetime=\"[^\"]+\">[^<]*2020");
        page.ShouldContain("<span class=\"what\">wiki.example.org · test: x</span>");
        complaints.ShouldBeEmpty();
    }

    [Fact]
    public async Task OnANarrowScreen_NothingIsWiderThanTheScreen()
    {
        await using var server = await RunningServer.StartAsync(("Access:PublicStreams:0", "eventstreams"));
        var sent = await WikiBusBinary.RunAsync(["send", SampleEvents.FilePath, "--url", $"{server.Address}"]);
        sent.ExitCode.ShouldBe(0, sent.Error);
        var (page, _) = await OpenAsync(server.Address);
        var style = await server.Client.GetStringAsync("/page/page.css", TestTime.Token());

        // A browser's window cannot be as narrow as a telephone, so the finished page is shown in a frame.
        var inside = page[page.IndexOf("<header>", StringComparison.Ordinal)..];
        var shown = WebUtility.HtmlEncode($"<!DOCTYPE html><style>{style}</style>{inside}");
        var frame = server.FilePath("frame.html");
        await File.WriteAllTextAsync(
            frame,
            $"""
            <iframe id="frame" width="320" height="900" srcdoc="{shown}"></iframe>
            <script>onload = () => [document.title] =
              [['html', '.scroll', '#events'].map(name => frame.contentDocument.querySelector(name))
                .map(part => part.scrollWidth - part.clientWidth).join()];</script>
            """,
            TestTime.Token());
        var (framed, _) = await OpenAsync(new Uri(frame));

        framed.ShouldContain("<title>0,0,0</title>");
    }

    [Fact]
    public async Task NothingPublic_SaysWhatToDo()
    {
        await using var server = await RunningServer.StartAsync();

        var (page, complaints) = await OpenAsync(server.Address);

        page.ShouldContain("Access:PublicStreams");
        page.ShouldContain("the link that wikibus serve prints");
        complaints.ShouldBeEmpty();
    }

    [Fact]
    public async Task MoreStreamsThanItFollows_TheNewestAreFollowedAndAllAreCounted()
    {
        string[] streams = [.. Enumerable.Range(0, 14).Select(static number => $"my.s{number}")];
        await using var server = await RunningServer.StartAsync(("Access:PublicStreams", string.Join(',', streams)));
        foreach (var stream in streams)
        {
            await TestEvents.AppendAsync(server, stream, 0);
        }

        var (page, complaints) = await OpenAsync(server.Address);

        page.ShouldContain($"12 of {streams.Length} streams are followed.");
        page.ShouldContain("<button id=\"follow-all\" type=\"button\">");
        page.ShouldContain($"<span class=\"stream\">{streams[^1]}</span>");
        page.ShouldNotContain($"<span class=\"stream\">{streams[0]}</span>");
        complaints.ShouldBeEmpty();
    }

    [Fact]
    public async Task OpenedByTheLink_SaysThatNoKeyIsNeeded()
    {
        await using var server = await RunningServer.StartAsync();
        await TestEvents.AppendAsync(server, "test.event", 0);
        var token = server.Services.GetRequiredService<PageSessions>().MakeToken();

        var (page, complaints) = await OpenAsync(new Uri(server.Address, $"/?token={token}"));
        var (other, _) = await OpenAsync(server.Address);

        page.ShouldContain("<span id=\"session-note\">");
        page.ShouldContain("placeholder=\"not needed\"");
        page.ShouldContain("<span class=\"stream\">test.event</span>");
        other.ShouldContain("<span id=\"session-note\" hidden=\"\">");
        complaints.ShouldBeEmpty();
    }

    [Fact]
    public async Task OpenedByTheLink_ShowsSubscriptions()
    {
        var answer = new DeliveryResult(Verdict.Gone, 410, "It wants <b>nothing</b>.");
        var feature = new AnsweringFeature { Answer = answer };
        await using var server = await RunningServer.StartAsync(
            services => services.AddSingleton<IDeliveryFeature>(feature));
        await PageSubscriptionsTests.SubscribeAsync(server, "search", "wikibus.json");
        await TestEvents.AppendAsync(server, "test.event", 0);
        await PageSubscriptionsTests.UntilAsync(server, "search", static status => status.State == "gone");
        var token = server.Services.GetRequiredService<PageSessions>().MakeToken();

        var (page, complaints) = await OpenAsync(new Uri(server.Address, $"/?token={token}"));
        var (other, _) = await OpenAsync(server.Address);

        page.ShouldContain("<td data-label=\"\">search</td><td data-label=\"of\">wikibus.json</td>");
        page.ShouldContain("<td data-label=\"\" class=\"bad\">gone</td>");
        page.ShouldMatch("<td data-label=\"behind\">1 \\([0-9]+ s\\)</td>");
        page.ShouldContain("test.event@0: It wants &lt;b&gt;nothing&lt;/b&gt;.</td>");
        other.ShouldContain("<section id=\"subscriptions-part\" aria-labelledby=\"subscriptions-title\" hidden=\"\">");
        complaints.ShouldBeEmpty();
    }

    /// <summary>The page's elements after it has loaded, and the messages of the browser's console.</summary>
    // The time of the browser is a simulated one. It can end before the first event of a stream has arrived.
    private static async Task<(string Page, List<string> Complaints)> OpenWithEventsAsync(Uri address)
    {
        var opened = await OpenAsync(address);
        for (var i = 0; i < OpenMax && opened.Page.Contains("<ol id=\"events\"></ol>", StringComparison.Ordinal); i++)
        {
            opened = await OpenAsync(address);
        }

        return opened;
    }

    private static async Task<(string Page, List<string> Complaints)> OpenAsync(Uri address)
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
                "--virtual-time-budget=8000", "--dump-dom", address.ToString(),
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
