using System.Net;
using Microsoft.Extensions.DependencyInjection;
using WikiBus.FunctionalTests.Infrastructure;
using WikiBus.FunctionalTests.Streaming;
using WikiBus.Server.Access;

namespace WikiBus.FunctionalTests.Access;

/// <summary>The one-time link to the page, and what a browser may do with the session that it opens.</summary>
public sealed class PageSessionTests
{
    private const string Stream = "/v2/stream/test.event";

    [Fact]
    public async Task Link_WorksOnce_AndLeadsToThePage()
    {
        await using var server = await RunningServer.StartAsync();
        var link = Link(server);
        (await KeyApi.StatusAsync(server, HttpMethod.Head, link, key: null)).ShouldBe(200);
        using var first = await KeyApi.SendAsync(server, HttpMethod.Get, link, key: null);
        first.StatusCode.ShouldBe(HttpStatusCode.SeeOther);
        first.Headers.Location!.ToString().ShouldBe("/");
        first.Headers.CacheControl!.NoStore.ShouldBeTrue();
        var cookie = first.Headers.GetValues("Set-Cookie").ShouldHaveSingleItem();
        cookie.ShouldStartWith($"wikibus-session-{server.Address.Port}=");
        cookie.ShouldEndWith("; max-age=43200; path=/; samesite=strict; httponly");

        using var second = await KeyApi.SendAsync(server, HttpMethod.Get, link, key: null);
        second.StatusCode.ShouldBe(HttpStatusCode.Forbidden);
        (await second.Content.ReadAsStringAsync(TestTime.Token())).ShouldContain("`wikibus serve` shows a new link");
        second.Headers.Contains("Set-Cookie").ShouldBeFalse();

        // The browser that has the session may open its link again.
        (await GetAsync(server, link, ("Cookie", NameAndValue(cookie)))).ShouldBe(303);
    }

    [Fact]
    public async Task Session_ReadsPrivateStreams_AndNothingMore()
    {
        await using var server = await RunningServer.StartAsync();
        await TestEvents.AppendAsync(server, "test.event", 1);
        var cookie = await OpenAsync(server);
        var fetch = ("Sec-Fetch-Site", "same-origin");

        (await HeadAsync(server, fetch)).ShouldBe(400);
        (await HeadAsync(server, fetch, cookie)).ShouldBe(200);
        (await GetAsync(server, "/metrics", fetch, cookie)).ShouldBe(200);
        (await GetAsync(server, "/v1/keys", fetch, cookie)).ShouldBe(403);
        (await KeyApi.StatusAsync(
            server, HttpMethod.Post, "/v1/events", key: null, KeyApi.Event(), fetch, cookie)).ShouldBe(403);
        (await HeadAsync(server, fetch, ("Cookie", $"wikibus-session-{server.Address.Port}=wrong"))).ShouldBe(400);
        await server.RestartAsync();
        (await HeadAsync(server, fetch, cookie)).ShouldBe(400);
    }

    [Theory]
    [InlineData("Sec-Fetch-Site", "cross-site")]
    [InlineData("Sec-Fetch-Site", "same-site")]
    [InlineData("Origin", "https://page.example")]
    [InlineData("Origin", "null")]
    public async Task Session_IsNotForOtherPages(string header, string value)
    {
        await using var server = await RunningServer.StartAsync();
        await TestEvents.AppendAsync(server, "test.event", 1);
        var cookie = await OpenAsync(server);
        (await HeadAsync(server, cookie, (header, value))).ShouldBe(400);
        (await GetAsync(server, "/metrics", cookie, (header, value))).ShouldBe(401);
    }

    [Fact]
    public async Task ForeignHost_HasNoSession_AndDoesNotUseTheLinkUp()
    {
        await using var server = await RunningServer.StartAsync();
        var foreign = ("Host", "evil.example:8192");
        var link = Link(server);
        (await GetAsync(server, link, foreign)).ShouldBe(403);
        using var opened = await KeyApi.SendAsync(server, HttpMethod.Get, link, key: null);
        var cookie = ("Cookie", NameAndValue(opened.Headers.GetValues("Set-Cookie").Single()));
        (await GetAsync(server, "/metrics", cookie, ("Sec-Fetch-Site", "same-origin"))).ShouldBe(200);
        (await GetAsync(server, "/metrics", cookie, foreign)).ShouldBe(401);
    }

    [Fact]
    public async Task ServersOfOneHost_HaveASessionEach()
    {
        await using var one = await RunningServer.StartAsync();
        await using var other = await RunningServer.StartAsync();
        var (name, first) = await OpenAsync(one);
        var (_, second) = await OpenAsync(other);
        first.Split('=')[0].ShouldNotBe(second.Split('=')[0]);
        var both = (name, $"{first}; {second}");
        var fetch = ("Sec-Fetch-Site", "same-origin");

        (await GetAsync(one, "/metrics", both, fetch)).ShouldBe(200);
        (await GetAsync(other, "/metrics", both, fetch)).ShouldBe(200);
    }

    [Fact]
    public async Task Serve_ShowsTheLink_IfAskedTo()
    {
        using var directory = new TestDirectory();
        await using var server = await ServerProcess.StartAsync(directory.Combine("data"), "--page-link");
        (await server.TerminateAsync()).ShouldBe(0);
        server.Error.ShouldContain(
            $"wikibus: the page, for a browser on this machine (once, within 10 min): {server.Address}?token=");
    }

    [Fact]
    public async Task Serve_WithoutATerminal_ShowsNoLink()
    {
        using var directory = new TestDirectory();
        await using var server = await ServerProcess.StartAsync(directory.Combine("data"));
        (await server.TerminateAsync()).ShouldBe(0);
        server.Error.ShouldNotContain("token");
    }

    private static string Link(RunningServer server) =>
        "/?token=" + server.Services.GetRequiredService<PageSessions>().MakeToken();

    private static async Task<(string, string)> OpenAsync(RunningServer server)
    {
        using var response = await KeyApi.SendAsync(server, HttpMethod.Get, Link(server), key: null);
        return ("Cookie", NameAndValue(response.Headers.GetValues("Set-Cookie").Single()));
    }

    private static string NameAndValue(string cookie) => cookie.Split(';')[0];

    // The answer to GET would not end.
    private static Task<int> HeadAsync(RunningServer server, params (string Name, string Value)[] headers) =>
        KeyApi.StatusAsync(server, HttpMethod.Head, Stream, key: null, body: null, headers);

    private static Task<int> GetAsync(
        RunningServer server, string path, params (string Name, string Value)[] headers) =>
        KeyApi.StatusAsync(server, HttpMethod.Get, path, key: null, body: null, headers);
}
