using System.Text;
using System.Text.Json;
using WikiBus.FunctionalTests.Infrastructure;

namespace WikiBus.FunctionalTests.Access;

public sealed class KeyApiTests
{
    [Fact]
    public async Task Keys_AreForThoseWhoManage()
    {
        await using var server = await RunningServer.StartAsync();
        var reader = await KeyApi.CreateAsync(server, """{"id":"reader","roles":["read"]}""");
        var manager = await KeyApi.CreateAsync(server, """{"id":"manager","roles":["manage"]}""");

        (await ListAsync(null)).ShouldBe(401);
        (await ListAsync("wrong")).ShouldBe(401);
        (await ListAsync(reader)).ShouldBe(403);
        (await ListAsync(manager)).ShouldBe(200);
        (await ListAsync(manager, ("Via", "1.1 proxy"))).ShouldBe(200);

        Task<int> ListAsync(string? key, params (string Name, string Value)[] headers) =>
            KeyApi.StatusAsync(server, HttpMethod.Get, "/v1/keys", key, body: null, headers);
    }

    [Fact]
    public async Task AdminKey_IsTakenFromThisMachineOnly()
    {
        await using var server = await RunningServer.StartAsync();
        var admin = KeyApi.AdminKey(server);
        (await KeyApi.StatusAsync(server, HttpMethod.Get, "/v1/keys", admin)).ShouldBe(200);
        (await KeyApi.StatusAsync(
            server, HttpMethod.Get, "/v1/keys", admin, body: null, ("X-Forwarded-For", "127.0.0.1"))).ShouldBe(401);
    }

    [Fact]
    public async Task Secret_IsShownOnce()
    {
        await using var server = await RunningServer.StartAsync();
        var secret = await KeyApi.CreateAsync(
            server,
            """
            {"id":"wiki","roles":["publish","read"],"streams":["mediawiki.*"],"wikis":["wdb"],"domains":["w.example"]}
            """);

        using var response = await KeyApi.SendAsync(server, HttpMethod.Get, "/v1/keys", KeyApi.AdminKey(server));
        response.Headers.CacheControl!.NoStore.ShouldBeTrue();
        var text = await response.Content.ReadAsStringAsync(TestTime.Token());
        text.ShouldNotContain(secret);
        var key = JsonDocument.Parse(text).RootElement.GetProperty("keys").EnumerateArray().ShouldHaveSingleItem();
        key.GetProperty("id").GetString().ShouldBe("wiki");
        key.GetProperty("roles").EnumerateArray().Select(role => role.GetString()).ShouldBe(["publish", "read"]);
        key.GetProperty("domains").EnumerateArray().ShouldHaveSingleItem().GetString().ShouldBe("w.example");
        key.GetProperty("createdAt").GetString()!.ShouldEndWith("Z");
        key.TryGetProperty("secret", out _).ShouldBeFalse();
        server.Errors.Lines.ShouldNotContain(line => line.Contains(secret, StringComparison.Ordinal));
    }

    [Fact]
    public async Task RotatedKey_HasTwoSecrets_AlsoAfterARestart()
    {
        await using var server = await RunningServer.StartAsync();
        var first = await KeyApi.CreateAsync(server, """{"id":"manager","roles":["manage"]}""");
        using var rotated = await KeyApi.SendAsync(server, HttpMethod.Post, "/v1/keys/manager/rotate", first);
        ((int)rotated.StatusCode).ShouldBe(200);
        var second = (await KeyApi.ReadAsync(rotated)).GetProperty("secret").GetString()!;
        await server.RestartAsync();

        (await KeyApi.StatusAsync(server, HttpMethod.Get, "/v1/keys", first)).ShouldBe(200);
        (await KeyApi.StatusAsync(server, HttpMethod.Get, "/v1/keys", second)).ShouldBe(200);
        (await KeyApi.StatusAsync(
            server, HttpMethod.Post, "/v1/keys/manager/rotate", second, """{"overlapSeconds":0}""")).ShouldBe(200);
        (await KeyApi.StatusAsync(server, HttpMethod.Get, "/v1/keys", second)).ShouldBe(401);
    }

    [Fact]
    public async Task RevokedKey_StopsAtOnce()
    {
        await using var server = await RunningServer.StartAsync();
        var secret = await KeyApi.CreateAsync(server, """{"id":"wiki","roles":["publish"]}""");
        (await KeyApi.StatusAsync(server, HttpMethod.Post, "/v1/events", secret, KeyApi.Event())).ShouldBe(201);
        (await KeyApi.StatusAsync(server, HttpMethod.Delete, "/v1/keys/wiki", KeyApi.AdminKey(server))).ShouldBe(204);

        (await KeyApi.StatusAsync(server, HttpMethod.Post, "/v1/events", secret, KeyApi.Event())).ShouldBe(401);
        (await KeyApi.StatusAsync(server, HttpMethod.Delete, "/v1/keys/wiki", KeyApi.AdminKey(server))).ShouldBe(404);
    }

    [Theory]
    [InlineData("", 400)]
    [InlineData("{", 400)]
    [InlineData("null", 400)]
    [InlineData("[]", 400)]
    [InlineData("{}", 400)]
    [InlineData("""{"roles":["write"]}""", 400)]
    [InlineData("""{"roles":["read"],"role":"manage"}""", 400)]
    [InlineData("""{"roles":["read"],"id":"admin"}""", 400)]
    [InlineData("""{"roles":["read"],"id":"taken"}""", 409)]
    [InlineData("""{"roles":["read"],"secret":"short"}""", 400)]
    [InlineData("""{"roles":["read"],"streams":[null]}""", 400)]
    [InlineData("""{"roles":["read"],"networks":["10/8"]}""", 400)]
    [InlineData("""{"roles":["read"],"hosts":["*.example"]}""", 400)]
    public async Task Request_ThatCannotBe_IsRefusedWithAReason(string body, int status)
    {
        await using var server = await RunningServer.StartAsync();
        await KeyApi.CreateAsync(server, """{"id":"taken","roles":["read"]}""");
        using var response = await KeyApi.SendAsync(
            server, HttpMethod.Post, "/v1/keys", KeyApi.AdminKey(server), body);
        ((int)response.StatusCode).ShouldBe(status);
        (await KeyApi.ReadAsync(response)).GetProperty("detail").GetString().ShouldNotBeNullOrEmpty();
    }

    [Fact]
    public async Task Body_ThatIsTooLarge_IsRefused()
    {
        await using var server = await RunningServer.StartAsync();
        var body = new string(' ', 300_000) + """{"roles":["read"]}""";
        (await KeyApi.StatusAsync(server, HttpMethod.Post, "/v1/keys", KeyApi.AdminKey(server), body)).ShouldBe(413);
    }

    [Fact]
    public async Task Body_ThatIsNotHttp_IsTheClientsFault()
    {
        await using var server = await RunningServer.StartAsync();
        var request = "POST /v1/keys HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n"
            + $"Authorization: Bearer {KeyApi.AdminKey(server)}\r\n\r\nno length\r\n";
        using var http = await RawHttp.ConnectAsync(server.Address);
        await http.WriteAsync(Encoding.ASCII.GetBytes(request));
        (await http.ReadResponseAsync()).Status.ShouldBe(400);
    }
}
