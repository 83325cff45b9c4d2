using System.Collections.Concurrent;
using System.Text;
using Microsoft.AspNetCore.Http;
using WikiBus.FunctionalTests.Access;
using WikiBus.FunctionalTests.Infrastructure;
using static WikiBus.FunctionalTests.Dream.ChainApi;

namespace WikiBus.FunctionalTests.Dream;

/// <summary>Links when the other service has faults, changes, or is not linked any more.</summary>
public sealed class ChainTroubleTests
{
    private const string Own = "127.0.0.1:9/own";

    [Fact]
    public async Task UpstreamThatHasAFault_IsSentNoEmptySet()
    {
        // What it gets, as METHOD BODY, but for GET.
        var taken = new ConcurrentQueue<string>();
        var (hasFault, hasSet) = (false, false);
        ScriptedServer? started = null;
        await using var upstream = started = await ScriptedServer.StartAsync((context, number) =>
        {
            var (method, response) = (context.Request.Method, context.Response);
            if (method != "GET")
            {
                taken.Enqueue($"{method} {Encoding.UTF8.GetString(started!.Requests[number - 1].Body)}");
            }

            var isCreation = method == "POST" && context.Request.Path == "/pubsub/subscribers";
            response.StatusCode = method == "GET" && hasFault ? 503 : !isCreation ? 200 : hasSet ? 409 : 201;
            response.Headers[isCreation && hasSet ? "Content-Location" : "Location"] =
                $"http://{context.Request.Host}/pubsub/subscribers/there";
            hasSet |= isCreation;
            return Task.CompletedTask;
        });
        var options = OptionsOf("Upstream", upstream);
        await using var own = await RunningServer.StartAsync(options);
        await DreamApi.CreateAsync(
            own, await DreamApi.MakeKeyAsync(own), "own", DreamApi.Set("1", "", $"http://{Own}"));
        await TestTime.UntilAsync(() => Task.FromResult(taken.Any(static one => one.Contains(Own))));
        taken.First().ShouldStartWith("POST <subscription-set");
        taken.First().ShouldNotContain("<subscription ");

        hasFault = true;
        taken.Clear();
        await own.RestartAsync(options);
        await TestTime.UntilAsync(() => Task.FromResult(own.Errors.Lines.Any(static line =>
            line.Contains("No link with http", StringComparison.Ordinal)
            && line.Contains("503", StringComparison.Ordinal))));
        taken.ShouldAllBe(static one => one.Contains(Own));

        // A start that does not know its set there replaces it by what it has now.
        hasFault = false;
        (await DreamApi.SendAsync(
            own, "DELETE", $"/{LocationOfLink(own)}?apikey={KeyApi.AdminKey(own)}")).Status.ShouldBe(200);
        taken.Clear();
        await own.RestartAsync(options);
        await TestTime.UntilAsync(() => taken.Any(static one => one.StartsWith("PUT ", StringComparison.Ordinal)));
        taken.Where(static one => one.StartsWith("PUT ", StringComparison.Ordinal))
            .ShouldAllBe(static one => one.Contains(Own));
    }

    [Fact]
    public async Task EventForManyRecipients_IsSentInParts()
    {
        await using var recipient = await WebhookReceiver.StartAsync();
        await using var down = await RunningServer.StartAsync();
        await using var up = await StartAsync(("Downstream", down));
        var proxy = string.Concat(Enumerable.Range(0, 500).Select(number =>
            $"<recipient><uri>http://recipient.example/a/long/path/to/{number}</uri></recipient>"));
        await DreamApi.CreateAsync(
            down, await DreamApi.MakeKeyAsync(down, Roles), "many",
            "<a><uri.owner>http://owner/many</uri.owner><subscription id='1'><channel>event://*/x</channel>"
            + $"<uri.proxy>{recipient.Url}</uri.proxy>{proxy}</subscription></a>");
        await TestTime.UntilAsync(async () => (await CombinedAsync(up)).Contains("event://*/x"));
        await PublishAsync(up, await DreamApi.MakeKeyAsync(up, Roles), "e1", "event://default/x");
        await TestTime.UntilAsync(() => Task.FromResult(
            recipient.Received.SelectMany(static one => one["x-dream-event-recipient-uri"].Split(',')).Count() >= 500));
        recipient.Received.SelectMany(static one => one["x-dream-event-recipient-uri"].Split(','))
            .Distinct().Count().ShouldBe(500);
        recipient.Received.ShouldAllBe(static one => one["x-dream-event-recipient-uri"].Length <= 4_200);
        recipient.Received.ShouldAllBe(static one => one["x-dream-event-id"] == "e1");
    }

    [Fact]
    public async Task UpstreamThatLeavesTheConfiguration_LosesTheSetAndTheToken()
    {
        await using var up = await RunningServer.StartAsync();
        await using var own = await StartAsync(("Upstream", up));
        await DreamApi.CreateAsync(
            own, await DreamApi.MakeKeyAsync(own), "own", DreamApi.Set("1", "", $"http://{Own}"));
        await TestTime.UntilAsync(async () => (await CombinedAsync(up)).Contains(Own));
        var there = await RawHttp.SendAsync(
            up.Address, "GET", $"/pubsub/diagnostics/subscriptions?apikey={KeyApi.AdminKey(up)}", [], body: null);
        var start = there.Text.IndexOf("wbp.", StringComparison.Ordinal);
        var token = there.Text[start..there.Text.IndexOf('<', start)];
        token.ShouldStartWith("wbp.wikibus.json/");
        await PublishAsync(own, token, "e1", "event://default/a");

        await own.RestartAsync(("Hosting:Listen:0", own.Address.ToString().TrimEnd('/')));
        await TestTime.UntilAsync(async () => !(await CombinedAsync(up)).Contains(Own));
        DreamApi.Destinations(up).ShouldBeEmpty();
        (await RawHttp.SendAsync(
            own.Address, "POST", $"/pubsub/publish?apikey={token}",
            [("X-Dream-Event-Channel", "event://default/a"), ("X-Dream-Event-Origin-Uri", "http://o/1")], body: null))
            .Status.ShouldBe(403);
    }

    [Fact]
    public async Task LinkInTheOtherDirection_ReplacesTheFormerOne()
    {
        await using var other = await RunningServer.StartAsync();
        await using var own = await StartAsync(("Downstream", other));
        await TestTime.UntilAsync(() => DreamApi.Destinations(other).Count == 1);
        await own.RestartAsync(
        [
            ("Hosting:Listen:0", own.Address.ToString().TrimEnd('/')), .. await LinkAsync("Upstream", 0, other),
        ]);
        await DreamApi.CreateAsync(
            own, await DreamApi.MakeKeyAsync(own), "own", DreamApi.Set("1", "", $"http://{Own}"));
        await TestTime.UntilAsync(async () => (await CombinedAsync(other)).Contains(Own));
        DreamApi.Destinations(other).ShouldAllBe(static one => one.Id.StartsWith("dream:up-"));
    }

    [Fact]
    public async Task LinkWhoseSetSomebodyEmptied_IsMended()
    {
        await using var up = await RunningServer.StartAsync();
        await using var own = await StartAsync(("Upstream", up));
        await DreamApi.CreateAsync(
            own, await DreamApi.MakeKeyAsync(own), "own", DreamApi.Set("1", "", $"http://{Own}"));
        await TestTime.UntilAsync(async () => (await CombinedAsync(up)).Contains(Own));
        var location = LocationOfLink(own);
        var owner = $"upstream{$"{UriOf(up)}/subscribers"["http".Length..]}";
        var answer = await DreamApi.SendAsync(
            own, "PUT", $"/{location}?apikey={KeyApi.AdminKey(own)}", $"<a><uri.owner>{owner}</uri.owner></a>");
        answer.Status.ShouldBe(200, answer.Text);
        await TestTime.UntilAsync(() => DreamApi.Destinations(own).Any(one => one.Id == $"dream:{location}:1"));
        (await DreamApi.SendAsync(own, "DELETE", "/own?access-key=k")).Status.ShouldBe(200);
        await TestTime.UntilAsync(async () => !(await CombinedAsync(up)).Contains(Own));
    }

    [Fact]
    public async Task DownstreamThatGetsAnotherOwner_IsTakenOver()
    {
        var owner = "http://one/pubsub";
        await using var down = await ScriptedServer.StartAsync(async (context, _) =>
        {
            context.Response.ContentType = "application/xml";
            context.Response.StatusCode = context.Request.Method == "POST" ? 201 : 200;
            context.Response.Headers.Location = $"http://{context.Request.Host}/pubsub/subscribers/there";
            if (context.Request.Method == "GET")
            {
                var seconds = owner.Contains("one", StringComparison.Ordinal) ? 0 : 60;
                await context.Response.WriteAsync(
                    $"<a max-failure-duration='{seconds}'><uri.owner>{owner}</uri.owner>"
                    + $"<subscription id='1'><channel>event://*/x</channel><recipient><uri>{owner}/publish</uri>"
                    + "</recipient></subscription></a>");
            }
        });
        var options = OptionsOf("Downstream", down);
        await using var own = await RunningServer.StartAsync(options);
        await TestTime.UntilAsync(() => Task.FromResult(
            DreamApi.DescribeDestinations(own).Any(static one => one.EndsWith("http://one/pubsub/publish"))));
        owner = "http://two/pubsub";
        await own.RestartAsync(options);
        await TestTime.UntilAsync(() => Task.FromResult(
            DreamApi.DescribeDestinations(own).Any(static one => one.EndsWith("http://two/pubsub/publish"))));
        DreamApi.Destinations(own).Count.ShouldBe(1);
        await own.RestartAsync(options);
        DreamApi.Destinations(own).Count.ShouldBe(1);
    }

    private static (string Key, string Value)[] OptionsOf(string list, ScriptedServer other) =>
    [
        ("Dream:PublicUri", "http://127.0.0.1:9/pubsub"),
        ($"Dream:{list}:0:Uri", new Uri(other.Address, "/pubsub/subscribers").ToString()),
    ];

    private static string LocationOfLink(RunningServer server) => DreamApi.Destinations(server)
        .Select(static one => one.Id.Split(':')[1])
        .Single(static one => one.StartsWith("up-", StringComparison.Ordinal));
}
