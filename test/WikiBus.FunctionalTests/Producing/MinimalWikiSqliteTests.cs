using System.Text.Json;
using WikiBus.FunctionalTests.Infrastructure;

namespace WikiBus.FunctionalTests.Producing;

/// <summary>The sample <c>samples/MinimalWiki.Sqlite</c> as a process, with the real bus.</summary>
public sealed class MinimalWikiSqliteTests
{
    private const string RunJob = "/rest.php/eventbus/v0/internal/job/execute";
    private const string PageChange = "mediawiki.page_change.v1";

    [Fact]
    public async Task Edits_WhileTheBusIsAway_ArriveInOrderAndOnce()
    {
        await using var server = await RunningServer.StartAsync();
        var database = server.FilePath("wiki.db");
        await using (var wiki = await MinimalWikiProcess.StartSqliteAsync(database, server.Address))
        {
            await wiki.SendAsync(HttpMethod.Put, "/wiki/Home", "first");
            await StoredRecords.WaitAsync(server, 6);
            await server.StopAsync();

            await wiki.SendAsync(HttpMethod.Put, "/wiki/Home", "second");
            await wiki.SendAsync(HttpMethod.Post, "/wiki/Home/move/Start");
            await wiki.KillAsync();
        }

        await using var next = await MinimalWikiProcess.StartSqliteAsync(database, server.Address);
        (await next.SendAsync(HttpMethod.Get, "/wiki/Start")).ShouldBe("second");
        await next.SendAsync(HttpMethod.Delete, "/wiki/Start");
        await server.StartAgainAsync(("Hosting:Listen:0", server.Address.GetLeftPart(UriPartial.Authority)));

        await StoredRecords.WaitAsync(server, 19);
        await next.TerminateAsync();
        Changes(server).ShouldBe(["create Home 1", "edit Home 2", "move Start 3", "delete Start 3"]);
        StoredRecords.Read(server).GroupBy(record => record.Stream, StringComparer.Ordinal)
            .ToDictionary(stream => stream.Key, stream => stream.Count(), StringComparer.Ordinal)
            .ShouldBe(
                new Dictionary<string, int>(StringComparer.Ordinal)
                {
                    [PageChange] = 4,
                    ["mediawiki.revision-create"] = 3,
                    ["mediawiki.recentchange"] = 2,
                    ["mediawiki.page-create"] = 1,
                    ["mediawiki.page-move"] = 1,
                    ["mediawiki.page-delete"] = 1,
                    ["mediawiki.job.refreshLinks"] = 2,
                    ["resource-purge"] = 5,
                },
                ignoreOrder: true);
        next.Output.ShouldNotContain("fail:");
    }

    [Fact]
    public async Task Job_OfTheSampleWiki_AnnouncesLinks()
    {
        await using var server = await RunningServer.StartAsync();
        await using var wiki = await MinimalWikiProcess.StartSqliteAsync(server.FilePath("wiki.db"), server.Address);

        await wiki.SendAsync(HttpMethod.Put, "/wiki/Home", "see [[Help]]");
        await StoredRecords.WaitAsync(server, 6);
        var job = Payloads(server, "mediawiki.job.refreshLinks").ShouldHaveSingleItem();
        await wiki.SendAsync(HttpMethod.Post, RunJob, job, "application/json");

        await StoredRecords.WaitAsync(server, 7);
        Payloads(server, "mediawiki.page-links-change").ShouldHaveSingleItem().ShouldContain("/wiki/Help");
        await wiki.TerminateAsync();
        wiki.Output.ShouldNotContain("warn:");
        wiki.Output.ShouldNotContain("fail:");
    }

    private static IEnumerable<string> Changes(RunningServer server) => Payloads(server, PageChange).Select(text =>
    {
        using var json = JsonDocument.Parse(text);
        var root = json.RootElement;
        return string.Join(
            ' ',
            root.GetProperty("page_change_kind"),
            root.GetProperty("page").GetProperty("page_title"),
            root.GetProperty("revision").GetProperty("rev_id"));
    });

    private static List<string> Payloads(RunningServer server, string stream) =>
        [.. StoredRecords.Read(server).Where(record => record.Stream == stream).Select(record => record.Payload)];
}
