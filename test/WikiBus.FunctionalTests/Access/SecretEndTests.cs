using WikiBus.FunctionalTests.Infrastructure;
using WikiBus.FunctionalTests.Streaming;

namespace WikiBus.FunctionalTests.Access;

/// <summary>A stream ends with the secret that it was opened with.</summary>
public sealed class SecretEndTests
{
    [Theory]
    [InlineData("""{"overlapSeconds":0}""")]
    [InlineData("""{"overlapSeconds":1}""")]
    public async Task RotatedSecret_EndsItsStreams_AndNotThoseOfTheNewOne(string rotation)
    {
        await using var server = await RunningServer.StartAsync(("Access:TrustedNetworks", ""));
        var first = await KeyApi.CreateAsync(server, """{"id":"reader","roles":["read"]}""");
        await TestEvents.AppendAsync(server, "test.event", 1);
        await using var old = await OpenAsync(server, first);
        var second = await RotateAsync(server, rotation);
        await using var current = await OpenAsync(server, second);

        await old.ReadToEndAsync();
        await TestEvents.AppendAsync(server, "test.event", 2);
        (await current.ReadEventAsync()).Json.GetProperty("n").GetInt32().ShouldBe(2);
        (await StatusAsync(server, first)).ShouldBe(401);
    }

    [Theory]
    [InlineData("reader/rotate", """{"overlapSeconds":0}""")]
    [InlineData("reader", null)]
    public async Task EndedSecret_EndsItsPublicStreams_Too(string target, string? rotation)
    {
        await using var server = await RunningServer.StartAsync(
            ("Access:TrustedNetworks", ""), ("Access:PublicStreams", "test.event"));
        var secret = await KeyApi.CreateAsync(server, """{"id":"reader","roles":["read"]}""");
        await TestEvents.AppendAsync(server, "test.event", 1);
        await using var stream = await OpenAsync(server, secret);
        var method = rotation is null ? HttpMethod.Delete : HttpMethod.Post;

        (await KeyApi.StatusAsync(server, method, $"/v1/keys/{target}", KeyApi.AdminKey(server), rotation))
            .ShouldBeInRange(200, 204);

        await stream.ReadToEndAsync().WaitAsync(TestTime.Limit);
    }

    [Fact]
    public async Task ReplacedRights_EndTheStreamsOfTheKey_AndTheSecretOpensThemByTheNewOnes()
    {
        await using var server = await RunningServer.StartAsync(("Access:TrustedNetworks", ""));
        var secret = await KeyApi.CreateAsync(server, """{"id":"reader","roles":["read"]}""");
        await TestEvents.AppendAsync(server, "test.event", 1);
        await using var old = await OpenAsync(server, secret);
        await ReplaceAsync("""{"roles":["read"],"networks":["10.0.0.0/8"]}""");
        await TestEvents.AppendAsync(server, "test.event", 2);
        (await old.ReadEventAsync()).Json.GetProperty("n").GetInt32().ShouldBe(2);

        await ReplaceAsync("""{"roles":["read"],"streams":["test.event","other"]}""");

        await old.ReadToEndAsync();
        await using var current = await OpenAsync(server, secret);
        await TestEvents.AppendAsync(server, "test.event", 3);
        (await current.ReadEventAsync()).Json.GetProperty("n").GetInt32().ShouldBe(3);
        await ReplaceAsync("""{"roles":["subscribe"]}""");
        await current.ReadToEndAsync();
        (await StatusAsync(server, secret)).ShouldBe(403);

        async Task ReplaceAsync(string body) =>
            (await KeyApi.StatusAsync(server, HttpMethod.Put, "/v1/keys/reader", KeyApi.AdminKey(server), body))
                .ShouldBe(200);
    }

    [Fact]
    public async Task Rotation_EndsAllOlderSecrets()
    {
        await using var server = await RunningServer.StartAsync(("Access:TrustedNetworks", ""));
        var first = await KeyApi.CreateAsync(server, """{"id":"reader","roles":["read"]}""");
        var second = await RotateAsync(server, """{"overlapSeconds":3600}""");
        var third = await RotateAsync(server, """{"overlapSeconds":0}""");

        (await StatusAsync(server, first)).ShouldBe(401);
        (await StatusAsync(server, second)).ShouldBe(401);
        (await StatusAsync(server, third)).ShouldBe(200);
    }

    private static async Task<string> RotateAsync(RunningServer server, string rotation)
    {
        using var rotated = await KeyApi.SendAsync(
            server, HttpMethod.Post, "/v1/keys/reader/rotate", KeyApi.AdminKey(server), rotation);
        ((int)rotated.StatusCode).ShouldBe(200);
        return (await KeyApi.ReadAsync(rotated)).GetProperty("secret").GetString()!;
    }

    private static Task<RawStream> OpenAsync(RunningServer server, string key) =>
        RawStream.OpenAsync(server.Address, "/v2/stream/test.event", $"Authorization: Bearer {key}");

    private static Task<int> StatusAsync(RunningServer server, string key) =>
        KeyApi.StatusAsync(server, HttpMethod.Get, "/metrics", key);
}
