using System.Text.Json;
using WikiBus.FunctionalTests.Infrastructure;

namespace WikiBus.FunctionalTests.Access;

/// <summary><c>PUT /v1/keys/{id}</c>, and ids that were used.</summary>
public sealed class KeyReplaceTests
{
    [Fact]
    public async Task ReplacedKey_IsAnsweredAndListed_AndKeepsItsSecret()
    {
        await using var server = await RunningServer.StartAsync();
        var secret = await KeyApi.CreateAsync(
            server, """{"id":"wiki","roles":["publish"],"streams":["test.event"],"networks":["10.1.2.3/8"]}""");

        using var response = await ReplaceAsync(
            server, "wiki", """{"id":"wiki","roles":["manage","subscribe"],"networks":["::1"],"hosts":["Wiki"]}""");

        ((int)response.StatusCode).ShouldBe(200);
        response.Headers.CacheControl!.NoStore.ShouldBeTrue();
        var key = await KeyApi.ReadAsync(response);
        key.TryGetProperty("secret", out _).ShouldBeFalse();
        await server.RestartAsync();
        using var list = await KeyApi.SendAsync(server, HttpMethod.Get, "/v1/keys", secret);
        var listed = (await KeyApi.ReadAsync(list)).GetProperty("keys").EnumerateArray().ShouldHaveSingleItem();
        listed.GetRawText().ShouldBe(key.GetRawText());
        Texts(listed, "roles").ShouldBe(["manage", "subscribe"]);
        Texts(listed, "streams").ShouldBeEmpty();
        Texts(listed, "networks").ShouldBe(["::1/128"]);
        Texts(listed, "hosts").ShouldBe(["wiki"]);
    }

    [Theory]
    [InlineData("wiki", "", 400, "JSON")]
    [InlineData("wiki", "{}", 400, "roles:")]
    [InlineData("wiki", """{"roles":[]}""", 400, "roles:")]
    [InlineData("wiki", """{"roles":["read"],"id":"other"}""", 400, "id:")]
    [InlineData("wiki", """{"roles":["read"],"secret":"12345678"}""", 400, "secret:")]
    [InlineData("wiki", """{"roles":["read"],"networks":["10.0.0.0/33"]}""", 400, "networks: '10.0.0.0/33' is not")]
    [InlineData("wiki", """{"roles":["read"],"hosts":["a:80"]}""", 400, "hosts: 'a:80' is not allowed")]
    [InlineData("nobody", """{"roles":["read"]}""", 404, "There is no such key.")]
    [InlineData("admin", """{"roles":["read"]}""", 404, "There is no such key.")]
    public async Task Replacement_ThatCannotBe_IsRefusedAndChangesNothing(
        string id, string body, int status, string reason)
    {
        await using var server = await RunningServer.StartAsync();
        var secret = await KeyApi.CreateAsync(server, """{"id":"wiki","roles":["manage"]}""");

        using var response = await ReplaceAsync(server, id, body);

        ((int)response.StatusCode).ShouldBe(status);
        (await KeyApi.ReadAsync(response)).GetProperty("detail").GetString()!.ShouldContain(reason);
        (await KeyApi.StatusAsync(server, HttpMethod.Get, "/v1/keys", secret)).ShouldBe(200);
    }

    [Theory]
    [InlineData(null, 401)]
    [InlineData("""{"id":"other","roles":["publish","read","subscribe","chain"]}""", 403)]
    public async Task CallerWhoMayNotManage_ReplacesNoKey(string? other, int status)
    {
        await using var server = await RunningServer.StartAsync();
        await KeyApi.CreateAsync(server, """{"id":"wiki","roles":["read"]}""");
        var caller = other is null ? null : await KeyApi.CreateAsync(server, other);

        (await KeyApi.StatusAsync(server, HttpMethod.Put, "/v1/keys/wiki", caller, """{"roles":["manage"]}"""))
            .ShouldBe(status);
    }

    [Fact]
    public async Task Body_ThatIsTooLarge_IsRefused()
    {
        await using var server = await RunningServer.StartAsync();
        using var response = await ReplaceAsync(server, "wiki", new string(' ', 300_000));
        ((int)response.StatusCode).ShouldBe(413);
    }

    [Fact]
    public async Task IdOfARevokedKey_IsRefused_AlsoAfterARestart()
    {
        await using var server = await RunningServer.StartAsync();
        await KeyApi.CreateAsync(server, """{"id":"wiki","roles":["read"]}""");
        (await KeyApi.StatusAsync(server, HttpMethod.Delete, "/v1/keys/wiki", KeyApi.AdminKey(server))).ShouldBe(204);
        await server.RestartAsync();

        using var response = await KeyApi.SendAsync(
            server, HttpMethod.Post, "/v1/keys", KeyApi.AdminKey(server), """{"id":"wiki","roles":["read"]}""");

        ((int)response.StatusCode).ShouldBe(409);
        (await KeyApi.ReadAsync(response)).GetProperty("detail").GetString()
            .ShouldBe("A key with this id was revoked; ids are not used again.");
        using var replaced = await ReplaceAsync(server, "wiki", """{"roles":["read"]}""");
        ((int)replaced.StatusCode).ShouldBe(404);
    }

    private static Task<HttpResponseMessage> ReplaceAsync(RunningServer server, string id, string body) =>
        KeyApi.SendAsync(server, HttpMethod.Put, $"/v1/keys/{id}", KeyApi.AdminKey(server), body);

    private static IEnumerable<string?> Texts(JsonElement key, string name) =>
        key.GetProperty(name).EnumerateArray().Select(static item => item.GetString());
}
