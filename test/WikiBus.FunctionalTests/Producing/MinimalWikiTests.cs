using System.Collections.Concurrent;
using System.Text;
using System.Text.Json;
using WikiBus.Events;
using WikiBus.Events.MediaWiki;
using WikiBus.FunctionalTests.Access;
using WikiBus.FunctionalTests.Infrastructure;
using WikiBus.FunctionalTests.Streaming;

namespace WikiBus.FunctionalTests.Producing;

/// <summary>The sample <c>samples/MinimalWiki</c> as a process, with the real bus and a pub/sub service.</summary>
public sealed class MinimalWikiTests
{
    private const string RunJob = "/rest.php/eventbus/v0/internal/job/execute";

    /// <summary>The wiki publishes to the bus, and subscribes to what it published.</summary>
    [Fact]
    public async Task SampleWiki_GetsTheDekiEventsThatItSubscribesTo()
    {
        await using var server = await RunningServer.StartAsync();
        var key = await KeyApi.CreateAsync(
            server, """{"roles": ["publish", "read", "subscribe"], "networks": ["127.0.0.0/8"]}""");
        using var port = new ReservedPort();
        var address = $"http://127.0.0.1:{port.Number}";
        await using var wiki = await MinimalWikiProcess.StartWithAsync(
            "--urls", address, $"--WikiBus:Services:eventbus:Url={new Uri(server.Address, "/v1/events")}",
            $"--WikiBus:Deki:PublishUri={new Uri(server.Address, "/pubsub/publish")}", $"--WikiBus:Deki:ApiKey={key}",
            $"--DekiSubscription:SubscribersUri={new Uri(server.Address, "/pubsub/subscribers")}",
            $"--DekiSubscription:OwnerUri={address}/", $"--DekiSubscription:RecipientUri={address}/events",
            "--DekiSubscription:RecipientSecret=secret", "--DekiSubscription:Channels:0=event://*/deki/pages/*",
            $"--DekiSubscription:ApiKey={key}", "--DekiSubscription:AccessKey=access-key");
        await TestTime.UntilAsync(() => wiki.Output.Contains("delivers events to this wiki", StringComparison.Ordinal));
        await wiki.SendAsync(HttpMethod.Put, "/wiki/A", "first");
        await TestTime.UntilAsync(() => wiki.Output.Contains(
            "on event://default/deki/pages/create", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(EventGeneration.Rel139)]
    [InlineData(EventGeneration.Current)]
    public async Task Changes_OfTheSampleWiki_AreEventsOnTheBus(EventGeneration generation)
    {
        await using var server = await RunningServer.StartAsync();
        await using var wiki = await MinimalWikiProcess.StartAsync(
            ("Generation", generation.ToString()),
            ("Services:eventbus:Url", new Uri(server.Address, "/v1/events").AbsoluteUri));

        await wiki.SendAsync(HttpMethod.Put, "/wiki/A", "first");
        await wiki.SendAsync(HttpMethod.Put, "/wiki/A", "see [[B]]");
        (await wiki.SendAsync(HttpMethod.Get, "/wiki/A")).ShouldBe("see [[B]]");
        await CheckJobsAsync(server, wiki);
        await wiki.SendAsync(HttpMethod.Post, "/wiki/A/move/C");
        await wiki.SendAsync(HttpMethod.Delete, "/wiki/C");

        await CheckChangesAsync(server);
        var count = 16;
        if (generation == EventGeneration.Current)
        {
            count += 4;
            await CheckAsync(
                server, "mediawiki.page_change.v1",
                ["page_change_kind", "page.page_title", "revision.rev_id", "performer.user_text"],
                "create A 2 Alice", "edit A 3 Alice", "move C 4 Alice", "delete C 4 Alice");
        }

        await StoredRecords.WaitAsync(server, count);
        await wiki.TerminateAsync();
        StoredRecords.Read(server).Count.ShouldBe(count);
        server.Errors.Lines.ShouldNotContain(line => line.StartsWith("Warning", StringComparison.Ordinal));
        wiki.Output.ShouldNotContain("warn:");
        wiki.Output.ShouldNotContain("fail:");
    }

    [Theory]
    [InlineData("%20")]
    [InlineData("%E2%80%A8")]
    [InlineData("A_b")]
    public async Task Title_ThatHasNoEvent_ChangesNothing(string title)
    {
        await using var server = await RunningServer.StartAsync();
        await using var wiki = await MinimalWikiProcess.StartAsync(
            ("Services:eventbus:Url", new Uri(server.Address, "/v1/events").AbsoluteUri));
        await wiki.SendAsync(HttpMethod.Put, "/wiki/A%20b", "text");

        (await Record.ExceptionAsync(() => wiki.SendAsync(HttpMethod.Post, $"/wiki/A%20b/move/{title}")))!
            .Message.ShouldContain("404");

        (await wiki.SendAsync(HttpMethod.Get, "/wiki/A%20b")).ShouldBe("text");
    }

    [Fact]
    public async Task Changes_OfTheSampleWiki_AreEventsOfDeki()
    {
        var events = new ConcurrentQueue<string>();
        await using var server = await RunningServer.StartAsync();
        await using var pubSub = await ScriptedServer.StartAsync((context, _) =>
        {
            var headers = context.Request.Headers;
            events.Enqueue(string.Join(
                ' ', context.Request.Path, headers["X-Dream-Event-Channel"], headers["X-Dream-Event-Resource-Uri"],
                headers["X-Dream-Event-Origin-Uri"]));
            return Task.CompletedTask;
        });
        await using var wiki = await MinimalWikiProcess.StartAsync(
            ("Services:eventbus:Url", new Uri(server.Address, "/v1/events").AbsoluteUri),
            ("Deki:PublishUri", new Uri(pubSub.Address, "/pubsub/publish").AbsoluteUri));

        await wiki.SendAsync(HttpMethod.Put, "/wiki/A", "first");
        await wiki.SendAsync(HttpMethod.Put, "/wiki/A", "second");
        await wiki.SendAsync(HttpMethod.Post, "/wiki/A/move/C");
        await wiki.SendAsync(HttpMethod.Delete, "/wiki/C");
        await wiki.TerminateAsync();

        const string Api = "http://localhost:5080/@api/deki";
        const string Page = "http://default:5080/@api/deki/pages/1 http://localhost:5080/@api/deki/pages/1?redirects=0";
        events.ShouldBe(
        [
            $"/pubsub/publish event://default/deki/site/start {Api} {Api}",
            $"/pubsub/publish event://default/deki/site/started {Api} {Api}",
            $"/pubsub/publish event://default/deki/pages/create {Page},http://localhost/A",
            $"/pubsub/publish event://default/deki/pages/update {Page},http://localhost/A",
            $"/pubsub/publish event://default/deki/pages/move {Page},http://localhost/A,http://localhost/C",
            $"/pubsub/publish event://default/deki/pages/delete {Page},http://localhost/C",
            $"/pubsub/publish event://default/deki/site/stop {Api} {Api}",
        ]);
        wiki.Output.ShouldNotContain("warn:");
    }

    // Each job that is read from the bus is signed by the wiki, and the wiki runs it.
    private static async Task CheckJobsAsync(RunningServer server, MinimalWikiProcess wiki)
    {
        var jobs = await ReadAsync(server, "mediawiki.job.refreshLinks", count: 2);
        jobs.ConvertAll(job => JobSignature.Verify(Encoding.UTF8.GetBytes(job), "only-for-this-sample"u8))
            .ShouldBe([true, true]);
        Values(await wiki.SendAsync(HttpMethod.Post, RunJob, jobs[1], "application/json"), ["status"]).ShouldBe("True");

        var links = (await ReadAsync(server, "mediawiki.page-links-change", count: 1)).Single();
        Values(links, ["page_title", "rev_id", "added_links.0.link"]).ShouldBe("A 3 /wiki/B");
        Values(links, ["meta.request_id"]).ShouldBe(Values(jobs[1], ["params.requestId"]));
    }

    // Pages and revisions have their numbers from one counter: the page is 1, its revisions are 2, 3 and 4.
    private static async Task CheckChangesAsync(RunningServer server)
    {
        await CheckAsync(
            server, "mediawiki.revision-create", ["page_id", "page_title", "rev_id", "performer.user_text"],
            "1 A 2 Alice", "1 A 3 Alice", "1 C 4 Alice");
        await CheckAsync(
            server, "mediawiki.page-create", ["page_title", "rev_id", "performer.user_text"], "A 2 Alice");
        await CheckAsync(
            server, "mediawiki.recentchange", ["type", "title", "revision.new", "user"], "new A 2 Alice",
            "edit A 3 Alice");
        await CheckAsync(
            server, "mediawiki.page-move",
            ["page_title", "rev_id", "prior_state.page_title", "prior_state.rev_id", "performer.user_text"],
            "C 4 A 3 Alice");
        await CheckAsync(
            server, "mediawiki.page-delete", ["page_title", "rev_id", "performer.user_text"], "C 4 Alice");
        await CheckAsync(
            server, "resource-purge", ["meta.uri", "tags.0"],
            [.. "AAACC".Select(title => $"http://localhost:5080/wiki/{title} mediawiki")]);
    }

    private static async Task CheckAsync(
        RunningServer server, string stream, string[] paths, params string[] expected) =>
        (await ReadAsync(server, stream, expected.Length)).ConvertAll(json => Values(json, paths)).ShouldBe(expected);

    private static async Task<List<string>> ReadAsync(RunningServer server, string stream, int count)
    {
        await using var reader = await RawStream.OpenAsync(server.Address, $"/v2/stream/{stream}?since=0");
        var events = new List<string>();
        while (events.Count < count)
        {
            events.Add((await reader.ReadEventAsync()).Data!);
        }

        return events;
    }

    // The values at paths such as "tags.0", with blanks between them.
    private static string Values(string json, string[] paths)
    {
        using var document = JsonDocument.Parse(json);
        var root = document.RootElement;
        return string.Join(' ', paths.Select(path => path.Split('.').Aggregate(root, (value, name) =>
            value.ValueKind == JsonValueKind.Array ? value[name[0] - '0'] : value.GetProperty(name)).ToString()));
    }
}
