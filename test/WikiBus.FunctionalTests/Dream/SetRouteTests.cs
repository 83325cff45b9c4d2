using Microsoft.Extensions.DependencyInjection;
using WikiBus.FunctionalTests.Infrastructure;
using WikiBus.Server.Dream.Uris;

namespace WikiBus.FunctionalTests.Dream;

/// <summary>What the recordings do not have: methods, public URIs, limits, and whose sets a caller sees.</summary>
public sealed class SetRouteTests
{
    private const string A = "http://127.0.0.1:9/a";

    [Theory]
    [InlineData("DELETE", "", "GET, POST")]
    [InlineData("HEAD", "", "GET, POST")]
    [InlineData("PATCH", "/x", "GET, PUT, POST, DELETE")]
    [InlineData("POST", "/../diagnostics/subscriptions", "GET")]
    public async Task OtherMethod_Gets405BeforeAnyOtherCheck(string method, string path, string allowed)
    {
        await using var server = await RunningServer.StartAsync();
        var answer = await DreamApi.SendAsync(server, method, path);
        answer.Status.ShouldBe(405);
        answer.Headers["Allow"].ShouldBe(allowed);
        answer.Headers["Cache-Control"].ShouldBe("no-store");
        var options = await DreamApi.SendAsync(server, "OPTIONS", path);
        (options.Status, options.Text).ShouldBe((200, ""));
        options.Headers["Allow"].ShouldBe(allowed);
    }

    [Theory]
    [InlineData("", "", "http://localhost/pubsub")]
    [InlineData("X-Forwarded-Host", "bus.example:81", "http://bus.example:81/pubsub")]
    [InlineData("X-Forwarded-Host", "bus.example, inner", "http://bus.example/pubsub")]
    [InlineData("X-Forwarded-Host", "a b", "http://localhost/pubsub")]
    public async Task UriInAnAnswer_FollowsTheRequest(string header, string value, string service)
    {
        await using var server = await RunningServer.StartAsync();
        var key = await DreamApi.MakeKeyAsync(server);
        (string, string)[] headers = header.Length > 0 ? [(header, value)] : [];
        var answer = await DreamApi.SendAsync(
            server, "POST", $"?apikey={key}", DreamApi.Set("1", "", A), [("X-Set-Location-Key", "loc1"), .. headers]);
        answer.Status.ShouldBe(201, answer.Text);
        answer.Headers["Location"].ShouldStartWith($"{service}/subscribers/loc1?access-key=");
        answer.Text.ShouldContain($"<uri.location>{service}/subscribers/loc1</uri.location>");
    }

    [Theory]
    [InlineData("https%3A%2F%2Fpublic.example%2Fx%2F", "https://public.example/x/pubsub")]
    [InlineData("nonsense", "http://localhost/pubsub")]
    [InlineData("javascript%3A%2F%2Fx", "http://localhost/pubsub")]
    [InlineData("http%3A%2F%2Fx%0D%0ASet-Cookie%3A%20a", "http://localhost/pubsub")]
    public async Task UriInAnAnswer_FollowsTheParameter(string parameter, string service)
    {
        await using var server = await RunningServer.StartAsync();
        var key = await DreamApi.MakeKeyAsync(server);
        var answer = await DreamApi.SendAsync(
            server, "POST", $"?apikey={key}&dream.in.uri={parameter}", DreamApi.Set("1", "", A));
        answer.Headers["Location"].ShouldStartWith($"{service}/subscribers/");
        var combined = await DreamApi.SendAsync(server, "GET", $"?apikey={key}&dream.in.uri={parameter}");
        combined.Text.ShouldContain($"<uri.owner>http://{server.Address.Authority}/pubsub</uri.owner>");
    }

    [Fact]
    public async Task OwnNames_AreThePublicUriTheListenersAndLocalhost()
    {
        await using var server = await RunningServer.StartAsync(
            ("Dream:PublicUri", "https://bus.example/x/pubsub/"), ("Dream:Path", "/pubsub"));
        var own = server.Services.GetRequiredService<OwnUris>();
        own.Own.ShouldBe("https://bus.example/x/pubsub");
        var port = server.Address.Port;
        string[] names =
        [
            "https://BUS.example:443/x/pubsub", $"http://127.0.0.1:{port}/pubsub/", $"http://localhost:{port}/PubSub",
            $"http://[::1]:{port}/pubsub",
        ];
        names.Where(name => !IsOwn(name)).ShouldBeEmpty();
        string[] others =
        [
            "http://bus.example/x/pubsub", $"http://127.0.0.1:{port}/other", $"http://127.0.0.1:{port}/pubsub?a",
            "http://localhost/pubsub", $"http://127.0.0.2:{port}/pubsub",
        ];
        others.Where(IsOwn).ShouldBeEmpty();

        bool IsOwn(string name) => DreamUri.TryParse(name, out var uri) && own.IsOwn(uri);
    }

    [Fact]
    public async Task CombinedSet_HasOnlyTheCallersSetsUnlessItMayChain()
    {
        await using var server = await RunningServer.StartAsync();
        var first = await DreamApi.MakeKeyAsync(server);
        var second = await DreamApi.MakeKeyAsync(server);
        var chain = await DreamApi.MakeKeyAsync(server, "\"chain\"");
        await DreamApi.CreateAsync(server, first, "loc1", DreamApi.Set("1", "", "http://127.0.0.1:9/secret"));
        await DreamApi.CreateAsync(server, second, "loc2", DreamApi.Set("2", "", "http://127.0.0.1:9/other"));

        var seen = (await DreamApi.SendAsync(server, "GET", $"?apikey={second}")).Text;
        seen.ShouldContain("/other");
        seen.ShouldNotContain("/secret");
        var all = (await DreamApi.SendAsync(server, "GET", $"?apikey={chain}")).Text;
        all.ShouldContain("/other");
        all.ShouldContain("/secret");
        (await DreamApi.SendAsync(server, "POST", $"?apikey={chain}", DreamApi.Set("3", "", A))).Status.ShouldBe(403);
    }

    [Fact]
    public async Task Limits_AreNamedInTheAnswer()
    {
        await using var server = await RunningServer.StartAsync(
            ("Dream:SetsPerKeyMax", "1"), ("Dream:DestinationsPerSetMax", "1"), ("Dream:SetBytesMax", "2000"));
        var key = await DreamApi.MakeKeyAsync(server);
        await DreamApi.CreateAsync(server, key, "loc1", DreamApi.Set("1", "", A));
        (string, string?, int, string)[] refused =
        [
            ($"?apikey={key}", DreamApi.Set("2", "", A), 403, "Dream:SetsPerKeyMax"),
            ($"?apikey={key}", DreamApi.Set("2", "", A, A + "2"), 403, "Dream:DestinationsPerSetMax"),
            ($"?apikey={key}", DreamApi.Set("2", "", A) + new string(' ', 2000), 413, "Dream:SetBytesMax"),
        ];
        foreach (var (target, body, status, name) in refused)
        {
            var answer = await DreamApi.SendAsync(server, "POST", target, body);
            answer.Status.ShouldBe(status, answer.Text);
            answer.Text.ShouldContain(name);
        }

        await DreamApi.ReplaceAsync(server, "loc1", DreamApi.Set("1", "", A, A + "2"), status: 403);
        DreamApi.Destinations(server).Count.ShouldBe(1);
    }

    [Fact]
    public async Task SetLargerThanTheWebServersOwnLimit_IsRead()
    {
        await using var server = await RunningServer.StartAsync(("Dream:SetBytesMax", "4000000"));
        var key = await DreamApi.MakeKeyAsync(server);
        await DreamApi.CreateAsync(server, key, "loc1", DreamApi.Set("1", "", A) + new string(' ', 2_000_000));
    }
}
