using WikiBus.FunctionalTests.Infrastructure;

namespace WikiBus.FunctionalTests.Access;

/// <summary>
/// Under which host names a request is trusted by its network. A foreign page can make its own name lead to this
/// machine, and its browser sends that name as <c>Host</c>.
/// </summary>
public sealed class HostTests
{
    private const string Foreign = "evil.example:8192";

    [Fact]
    public async Task ForeignHost_HasNoTrust_AndIsLoggedOnce()
    {
        await using var server = await RunningServer.StartAsync();
        (await PostAsync(server, Foreign)).ShouldBe(401);
        (await GetAsync(server, "/v2/stream/test.event", Foreign)).ShouldBe(400);
        (await GetAsync(server, "/metrics", Foreign)).ShouldBe(401);

        server.Errors.Lines.Where(line => line.Contains("Access:TrustedHosts", StringComparison.Ordinal))
            .ShouldHaveSingleItem().ShouldContain("Requests for the host evil.example from a trusted network");
    }

    // .NET's own reading of Host throws for these.
    [Theory]
    [InlineData("xn--")]
    [InlineData("a.xn--")]
    [InlineData("xn--localhost-")]
    public async Task HostThatIsNoValidName_HasNoTrust(string host)
    {
        await using var server = await RunningServer.StartAsync();
        (await PostAsync(server, host)).ShouldBe(401);
        (await GetAsync(server, "/metrics", host)).ShouldBe(401);
        (await GetAsync(server, "/?token=x", host)).ShouldBeInRange(400, 499);
    }

    [Fact]
    public async Task ForeignHost_TakesAKey()
    {
        await using var server = await RunningServer.StartAsync();
        var key = await KeyApi.CreateAsync(server, """{"roles":["publish","read"]}""");
        (await PostAsync(server, Foreign, key)).ShouldBe(201);
        (await GetAsync(server, "/metrics", Foreign, key)).ShouldBe(200);
    }

    [Theory]
    [InlineData("localhost:1")]
    [InlineData("127.0.0.1")]
    [InlineData("[::1]:8192")]
    [InlineData("wikibus:8192")]
    public async Task OwnHost_IsTrusted(string host)
    {
        await using var server = await RunningServer.StartAsync(("Access:TrustedHosts", "wikibus"));
        (await PostAsync(server, host)).ShouldBe(201);
        (await GetAsync(server, "/metrics", host)).ShouldBe(200);
    }

    private static Task<int> PostAsync(RunningServer server, string host, string? key = null) =>
        KeyApi.StatusAsync(server, HttpMethod.Post, "/v1/events", key, KeyApi.Event(), ("Host", host));

    private static Task<int> GetAsync(RunningServer server, string path, string host, string? key = null) =>
        KeyApi.StatusAsync(server, HttpMethod.Get, path, key, body: null, ("Host", host));
}
