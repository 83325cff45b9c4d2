using System.Text;
using Microsoft.Extensions.DependencyInjection;
using WikiBus.FunctionalTests.Access;
using WikiBus.FunctionalTests.Infrastructure;
using WikiBus.Server.Deliveries;
using WikiBus.Server.Dream.Sending;

namespace WikiBus.FunctionalTests.Dream;

/// <summary>The subscriptions of the engine that a set has, over its life and over restarts.</summary>
public sealed class SetDestinationTests
{
    private const string A = "http://127.0.0.1:9/a", B = "http://127.0.0.1:9/b", C = "http://127.0.0.1:9/c";

    [Fact]
    public async Task EachDestinationOfASet_IsOneSubscription()
    {
        await using var server = await RunningServer.StartAsync();
        var key = await DreamApi.MakeKeyAsync(server);
        await DreamApi.CreateAsync(server, key, "loc1", DreamApi.Set("1", "", A, B, A));
        DreamApi.DescribeDestinations(server).ShouldBe([$"dream:loc1:1 {A}", $"dream:loc1:2 {B}"]);
        var definition = DestinationDefinition.Parse(DreamApi.Destinations(server)[0].Definition);
        definition.Subscriptions.Count.ShouldBe(2);
    }

    [Fact]
    public async Task ReplacedDestination_KeepsItsSubscription()
    {
        await using var server = await RunningServer.StartAsync();
        var key = await DreamApi.MakeKeyAsync(server);
        await DreamApi.CreateAsync(server, key, "loc1", DreamApi.Set("1", "", A, B));
        var before = DreamApi.Destinations(server);

        await DreamApi.ReplaceAsync(server, "loc1", DreamApi.Set("1", "", C, B));
        DreamApi.DescribeDestinations(server).ShouldBe([$"dream:loc1:1 {C}", $"dream:loc1:2 {B}"]);
        DreamApi.Destinations(server).Select(static one => one.Number)
            .ShouldBe(before.Select(static one => one.Number));

        await DreamApi.ReplaceAsync(server, "loc1", DreamApi.Set("1", "", B));
        DreamApi.DescribeDestinations(server).ShouldBe([$"dream:loc1:2 {B}"]);

        await DreamApi.ReplaceAsync(server, "loc1", DreamApi.Set("1", "", A, B));
        DreamApi.DescribeDestinations(server).ShouldBe([$"dream:loc1:1 {A}", $"dream:loc1:2 {B}"]);
        DreamApi.Destinations(server)[0].Number.ShouldBeGreaterThan(before[1].Number);

        var deleted = await DreamApi.SendAsync(server, "DELETE", "/loc1?access-key=k");
        (deleted.Status, deleted.Text).ShouldBe((200, ""));
        DreamApi.Destinations(server).ShouldBeEmpty();
    }

    [Fact]
    public async Task OwnersNextRequest_ProbesItsDestinations()
    {
        await using var server = await RunningServer.StartAsync();
        var key = await DreamApi.MakeKeyAsync(server);
        var set = DreamApi.Set("1", "version='5'", A);
        await DreamApi.CreateAsync(server, key, "loc1", set);
        long Version() => DreamApi.Destinations(server).Single().Version;
        var version = Version();

        (await DreamApi.SendAsync(server, "POST", $"?apikey={key}", set)).Status.ShouldBe(409);
        Version().ShouldBe(++version);

        var other = await DreamApi.MakeKeyAsync(server);
        (await DreamApi.SendAsync(server, "POST", $"?apikey={other}", set)).Status.ShouldBe(409);
        Version().ShouldBe(version);

        await DreamApi.ReplaceAsync(server, "loc1", set, status: 304);
        Version().ShouldBe(++version);

        await DreamApi.ReplaceAsync(server, "loc1", DreamApi.Set("1", "version='6'", A));
        Version().ShouldBe(++version);
    }

    [Theory]
    [InlineData("PUT", "/loc1?access-key=k", 200)]
    [InlineData("POST", "?apikey=", 409)]
    public async Task DestinationThatIsGone_ContinuesWithTheOwnersNextRequest(string method, string target, int status)
    {
        await using var server = await RunningServer.StartAsync();
        await using var recipient = await WebhookReceiver.StartAsync(static (context, number) =>
        {
            context.Response.StatusCode = number == 1 ? 410 : 200;
            return Task.CompletedTask;
        });
        var key = await DreamApi.MakeKeyAsync(server, "\"publish\", \"read\", \"subscribe\"");
        var set = DreamApi.Set("1", "", recipient.Url);
        await DreamApi.CreateAsync(server, key, "loc1", set);
        var published = await RawHttp.SendAsync(
            server.Address, "POST", $"/pubsub/publish?apikey={key}",
            [("X-Dream-Event-Channel", "event://a/b"), ("X-Dream-Event-Origin-Uri", "http://o/1")], "one"u8.ToArray());
        published.Status.ShouldBe(200, published.Text);
        await TestTime.UntilAsync(() => DreamApi.Destinations(server).Single().State == "gone");
        var suffix = method == "POST" ? key : "";
        (await DreamApi.SendAsync(server, method, target + suffix, set)).Status.ShouldBe(status);
        (await recipient.WaitAsync(2)).Select(static one => Encoding.UTF8.GetString(one.Body)).ShouldBe(["one", "one"]);
    }

    [Fact]
    public async Task SetOfARevokedKey_MakesRoomForTheNextOneOfItsOwner()
    {
        await using var server = await RunningServer.StartAsync();
        var old = await KeyApi.CreateAsync(server, """{"id": "old", "roles": ["subscribe"]}""");
        var key = await DreamApi.MakeKeyAsync(server);
        await DreamApi.CreateAsync(server, old, "loc1", DreamApi.Set("1", "", A));
        await DreamApi.CreateAsync(server, old, "loc2", DreamApi.Set("2", "", B));
        (await DreamApi.SendAsync(server, "POST", $"?apikey={key}", DreamApi.Set("1", "", C))).Status.ShouldBe(409);

        (await KeyApi.SendAsync(server, HttpMethod.Delete, "/v1/keys/old", KeyApi.AdminKey(server)))
            .EnsureSuccessStatusCode();
        await DreamApi.ReplaceAsync(server, "loc1", DreamApi.Set("1", "", B), status: 403);
        await DreamApi.CreateAsync(server, key, "loc2", DreamApi.Set("1", "", C));
        DreamApi.DescribeDestinations(server).ShouldBe([$"dream:loc2:1 {C}"]);
        (await DreamApi.SendAsync(server, "GET", "/loc1?access-key=k")).Status.ShouldBe(403);
        await server.RestartAsync();
        DreamApi.DescribeDestinations(server).ShouldBe([$"dream:loc2:1 {C}"]);
    }

    [Fact]
    public async Task Restart_KeepsSetsTheirAccessKeysAndTheVersion()
    {
        await using var server = await RunningServer.StartAsync();
        var key = await DreamApi.MakeKeyAsync(server, "\"subscribe\", \"chain\"");
        await DreamApi.CreateAsync(server, key, "loc1", DreamApi.Set("1", "version='5'", A));
        await DreamApi.CreateAsync(server, key, "loc2", DreamApi.Set("2", "max-failure-duration='60'", B));
        var set = await DreamApi.SendAsync(server, "GET", "/loc1?access-key=k");
        var combined = await DreamApi.SendAsync(server, "GET", $"?apikey={key}");
        var destinations = DreamApi.Destinations(server).Select(static one => (one.Id, one.Number, one.Version));
        combined.Text.ShouldContain("version=\"3\"");

        await server.RestartAsync();
        (await DreamApi.SendAsync(server, "GET", "/loc1?access-key=k")).Text.ShouldBe(set.Text);
        (await DreamApi.SendAsync(server, "GET", "/loc1?access-key=x")).Status.ShouldBe(403);
        (await DreamApi.SendAsync(server, "GET", $"?apikey={key}")).Text.ShouldContain("version=\"3\"");
        DreamApi.Destinations(server).Select(static one => (one.Id, one.Number, one.Version))
            .ShouldBe(destinations);
        (await DreamApi.SendAsync(server, "POST", $"?apikey={key}", DreamApi.Set("1", "", A))).Status.ShouldBe(409);
        await DreamApi.ReplaceAsync(server, "loc1", DreamApi.Set("1", "version='5'", A), status: 304);
    }

    [Fact]
    public async Task StartAfterACrashInAChange_MakesTheEngineAgree()
    {
        await using var server = await RunningServer.StartAsync();
        var key = await DreamApi.MakeKeyAsync(server);
        await DreamApi.CreateAsync(server, key, "loc1", DreamApi.Set("1", "", A, B, C));
        var subscriptions = server.Services.GetRequiredService<Subscriptions>();
        var second = DreamApi.Destinations(server)[1];
        await subscriptions.DeleteAsync("dream", "dream:loc1:1");
        await subscriptions.CreateAsync(
            "dream", "dream:loc1:4", second.Owner, second.Definition, null, int.MaxValue, static _ => false);
        await subscriptions.CreateAsync(
            "dream", "dream:gone:1", second.Owner, second.Definition, null, int.MaxValue, static _ => false);
        await subscriptions.ReplaceAsync("dream", "dream:loc1:3", _ => second.Definition);

        await server.RestartAsync();
        DreamApi.DescribeDestinations(server).ShouldBe(
            [$"dream:loc1:1 {A}", $"dream:loc1:2 {B}", $"dream:loc1:3 {C}"]);
        DreamApi.Destinations(server)[1].Version.ShouldBe(second.Version);
    }

    [Fact]
    public async Task ConcurrentChanges_LeaveTheEngineInAgreement()
    {
        await using var server = await RunningServer.StartAsync();
        var key = await DreamApi.MakeKeyAsync(server);
        await DreamApi.CreateAsync(server, key, "loc1", DreamApi.Set("1", "", A));
        await Task.WhenAll(Enumerable.Range(0, 12).Select(number => (number % 3) switch
        {
            0 => DreamApi.SendAsync(server, "PUT", "/loc1?access-key=k", DreamApi.Set("1", "", A, B)),
            1 => DreamApi.SendAsync(server, "PUT", "/loc1?access-key=k", DreamApi.Set("1", "", C)),
            _ => DreamApi.SendAsync(server, "POST", $"?apikey={key}", DreamApi.Set("2", "", $"{A}{number}")),
        }));
        var shown = await DreamApi.SendAsync(server, "GET", "/loc1?access-key=k");
        var expected = shown.Text.Contains(C, StringComparison.Ordinal) ? new[] { C } : [A, B];
        DreamApi.DescribeDestinations(server)
            .Where(static one => one.StartsWith("dream:loc1", StringComparison.Ordinal))
            .Select(static one => one.Split(' ')[1]).Order().ShouldBe(expected);
        DreamApi.Destinations(server).Count.ShouldBe(expected.Length + 1);
    }
}
