using System.Text.Json;
using WikiBus.FunctionalTests.Infrastructure;

namespace WikiBus.FunctionalTests.Dream;

/// <summary>Who gets which event, when a wiki decides about it.</summary>
public sealed class DekiAuthorizationTests
{
    private const string Recorded = "deki-authorization-probes.jsonl";
    private const string Keys = "authorization: master key, instance key, wrong key, nothing";
    private const string Broken = "page events that cannot be processed";

    private static readonly (string, string)[] s_page =
    [
        ("Content-Type", "application/xml"), ("X-Dream-Event-Channel", "event://default/deki/pages/update"),
        ("X-Dream-Event-Origin-Uri", "http://o/1"),
        ("X-Dream-Event-Resource-Uri", "http://default/@api/deki/pages/10"),
    ];

    [Fact]
    public async Task RecordedEvents_ReachTheSameRecipients_WithNoMoreCalls()
    {
        var calls = CallsOfSteps();
        var faults = new List<string>();
        foreach (var scenario in DreamStep.ReadAll(Recorded).Where(static one => !one.Key.StartsWith("set updates")))
        {
            await using var scene = await DekiScene.StartAsync();
            foreach (var step in scenario.Where(static step => step.Request is not null))
            {
                Prepare(scene, calls[step.ToString()]);
                await scene.SendAsync(step);
                var expected = ExpectedOf(step);
                if (!scene.Named.ToHashSet().SetEquals(expected))
                {
                    faults.Add($"{step}: {string.Join(' ', scene.Named)} in place of {string.Join(' ', expected)}");
                }

                if (scene.Calls.Count > calls[step.ToString()].Count && !step.Is(Keys, 18, 19))
                {
                    faults.Add($"{step}: {scene.Calls.Count} calls: {string.Join(' ', scene.Calls)}");
                }

                scene.Trouble = static _ => null;
                await scene.UntilAsync(() => scene.States().All(static one => one.Lag == 0));
            }
        }

        faults.ShouldBeEmpty();
    }

    [Fact]
    public async Task WikiThatDoesNotAnswerForAnHour_LosesAndLeaksNothing()
    {
        await using var scene = await DekiScene.StartAsync();
        await SubscribeAsync(scene, "A", "userid='1'");
        await SubscribeAsync(scene, "B", "userid='3'");
        await SubscribeAsync(scene, "C", $"authtoken='{DekiScene.MasterKey}'");
        scene.Trouble = static _ => 0;
        await PublishAsync(scene);
        scene.Received.ShouldBe(["C/q"]);
        for (var minute = 0; minute < 60; minute++)
        {
            scene.Jump(TimeSpan.FromMinutes(1));
            await scene.SettleAsync();
        }

        scene.Received.ShouldBe(["C/q"]);
        scene.States().Single(static one => one.Id.StartsWith("dream:A", StringComparison.Ordinal)).Reason
            .ShouldBe("deki-api");
        scene.Trouble = static _ => null;
        scene.Jump(TimeSpan.FromMinutes(1));
        await scene.UntilAsync(() => scene.States().All(static one => one.Lag == 0 && one.Waiting == 0));
        scene.Received.ShouldBe(["C/q", "A/q"]);
    }

    [Fact]
    public async Task RightsLostWhileARecipientIsAway_HoldForWhatWaits()
    {
        await using var scene = await DekiScene.StartAsync();
        await SubscribeAsync(scene, "A", "userid='2'");
        var id = scene.States()[0].Id;
        var subscriptions = scene.Server.Services.GetService(typeof(WikiBus.Server.Deliveries.Subscriptions))
            as WikiBus.Server.Deliveries.Subscriptions;
        await subscriptions!.PauseAsync("dream", id);
        scene.Begin();
        (await RawHttp.SendAsync(
            scene.Server.Address, "POST", "/pubsub/publish", s_page,
            "<deki-event wikiid='default'><pageid>10</pageid></deki-event>"u8.ToArray())).Status.ShouldBe(200);
        scene.MaySecondUserRead = false;
        scene.Jump(TimeSpan.FromMinutes(1));
        await subscriptions.ResumeAsync("dream", id, fromNow: false);
        await scene.UntilAsync(() => scene.States()[0].Lag == 0);
        scene.Received.ShouldBeEmpty();
        scene.MaySecondUserRead = true;
        await PublishAsync(scene);
        scene.Received.ShouldBe(["A/q"]);
    }

    [Fact]
    public async Task UsersOfAllSets_AreAskedForInOneCall()
    {
        await using var scene = await DekiScene.StartAsync();
        foreach (var (letter, user) in new[] { ("A", 1), ("B", 2), ("C", 3) })
        {
            await SubscribeAsync(scene, letter, $"userid='{user}'");
        }

        await PublishAsync(scene);
        scene.Received.ShouldBe(["A/q", "B/q"], ignoreOrder: true);
        scene.Calls.ShouldBe(["allowed"]);
    }

    [Theory]
    [InlineData("deki://default/pages/10", true)]
    [InlineData("deki://DEFAULT/pages/10", true)]
    [InlineData("deki://other/pages/10", false)]
    [InlineData("deki://default/pages/11", false)]
    [InlineData("deki://default/pages/8", false)]
    [InlineData("deki://default/pages/8#depth=infinity", true)]
    [InlineData("deki://default/pages/5#depth=infinity", false)]
    [InlineData("http://default/@api/deki/pages/10", true)]
    [InlineData("http://default/@api/deki/pages/11", false)]
    [InlineData("http://*/*", true)]
    public async Task PageThatASubscriptionNames_IsTheOnlyOne(string resource, bool isSent)
    {
        await using var scene = await DekiScene.StartAsync();
        await SubscribeAsync(
            scene, "A", $"authtoken='{DekiScene.MasterKey}'", $"<uri.resource>{resource}</uri.resource>");
        await PublishAsync(scene);
        scene.Received.Any().ShouldBe(isSent);
        scene.Calls.ShouldBe(resource.Contains("depth", StringComparison.Ordinal) ? ["page"] : []);
    }

    [Fact]
    public async Task ManyPages_AreAskedForAtTheAllowedRate()
    {
        await using var scene = await DekiScene.StartAsync(("Dream:Deki:RequestsPerSecondMax", "20"));
        await SubscribeAsync(scene, "A", "userid='1'");
        var start = TimeProvider.System.GetTimestamp();
        for (var page = 100; page < 110; page++)
        {
            (await RawHttp.SendAsync(
                scene.Server.Address, "POST", "/pubsub/publish", s_page, System.Text.Encoding.UTF8.GetBytes(
                    $"<deki-event wikiid='default'><pageid>{page}</pageid></deki-event>"))).Status.ShouldBe(200);
        }

        await scene.UntilAsync(() => scene.States()[0].Lag == 0);
        scene.Calls.Count(static call => call == "allowed").ShouldBe(10);
        TimeProvider.System.GetElapsedTime(start).ShouldBeGreaterThan(TimeSpan.FromMilliseconds(9 * 50 - 20));
    }

    private static HashSet<string> ExpectedOf(DreamStep step)
    {
        var recorded = step.Deliveries.Select(static one => one.Request.Path[1..]).ToHashSet(StringComparer.Ordinal);
        return step.Scenario switch
        {
            // The key of the wiki has changed, and a changed key counts after 30 s.
            Keys when step.Number == 17 => ["master"],

            // No answer is not a refusal: the others wait, and Dream remembers the key for ever.
            Keys when step.Number is 18 or 19 => ["master"],

            // Key holders get events about pages also if they do not say which page.
            Broken when step.Number is 3 or 4 or 6 or 7 or 9 or 10 => ["m"],

            // A recipient that cannot be read is skipped, and a user may be there twice.
            "authorization: userid that is not a number" when step.Number == 3 => ["ok"],
            "authorization: the same user twice in one subscription" when step.Number == 3 => ["a", "b", "other"],
            _ => recorded,
        };
    }

    private static void Prepare(DekiScene scene, List<JsonElement> calls)
    {
        scene.InstanceKey = calls.Exists(static call => call.ToString().Contains("changed-key"))
            ? "changed-key" : "instance-key";
        var troubles = calls.Select(static call => (
                Path: call.GetProperty("request").GetProperty("path").GetString()!,
                Answered: call.GetProperty("answered")))
            .Select(static one => (one.Path, Status: StatusOf(one.Answered)))
            .Where(static one => one.Status is not (200 or 404)).ToList();
        scene.Trouble = path => troubles.Exists(one => one.Path == path)
            ? troubles.Find(one => one.Path == path).Status : null;
    }

    private static int StatusOf(JsonElement answered) => answered.ValueKind switch
    {
        JsonValueKind.String => 0,
        JsonValueKind.Number => answered.GetInt32(),
        _ => answered.GetProperty("status").GetInt32(),
    };

    private static Dictionary<string, List<JsonElement>> CallsOfSteps() => Recordings.Read(Recorded).ToDictionary(
        static line => $"{line.GetProperty("scenario").GetString()} {line.GetProperty("step").GetInt32()}",
        static line => line.TryGetProperty("api_calls", out var calls) ? calls.EnumerateArray().ToList() : []);

    private static Task SubscribeAsync(DekiScene scene, string letter, string attributes, string resource = "") =>
        scene.SendAsync(
            "/subscribers",
            $"<a><uri.owner>http://owner/{letter}</uri.owner><subscription><channel>event://*/*</channel>{resource}"
            + $"<recipient {attributes}><uri>{scene.UriOf(letter)}/q</uri></recipient></subscription></a>",
            ("Content-Type", "application/xml"), ("X-Set-Location-Key", letter));

    private static Task PublishAsync(DekiScene scene) => scene.SendAsync(
        "/publish", "<deki-event wikiid='default'><pageid>10</pageid></deki-event>", s_page);
}
