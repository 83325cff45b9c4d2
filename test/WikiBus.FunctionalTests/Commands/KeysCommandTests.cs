using System.Text.Json;
using WikiBus.FunctionalTests.Infrastructure;

namespace WikiBus.FunctionalTests.Commands;

public sealed class KeysCommandTests
{
    [Fact]
    public async Task Key_IsMadeListedRotatedAndRevokedByTheAdminKeyOfThisMachine()
    {
        await using var server = await RunningServer.StartAsync();

        var made = Json(await RunAsync(server, "create", "--id", "wiki-one", "--role", "publish", "--role", "read"));
        made.GetProperty("id").GetString().ShouldBe("wiki-one");
        var secret = made.GetProperty("secret").GetString()!;

        var listed = await RunAsync(server, "list");
        listed.Output.ShouldContain("\"wiki-one\"");
        listed.Output.ShouldNotContain(secret);

        var rotated = Json(await RunAsync(server, "rotate", "wiki-one", "--overlap", "1h"));
        rotated.GetProperty("secret").GetString().ShouldNotBe(secret);

        (await RunAsync(server, "revoke", "wiki-one")).ExitCode.ShouldBe(0);
        (await RunAsync(server, "list")).Output.ShouldNotContain("wiki-one");
    }

    [Fact]
    public async Task KeyThatMayPublish_ComesWithTheAddressForMediaWiki()
    {
        await using var server = await RunningServer.StartAsync();

        var publishing = await RunAsync(server, "create", "--role", "publish");
        var reading = await RunAsync(server, "create", "--role", "read");

        var secret = Json(publishing).GetProperty("secret").GetString();
        publishing.Error.ShouldContain($"{server.Address}v1/events?apikey={secret}");
        reading.Error.ShouldNotContain("apikey");
    }

    [Fact]
    public async Task SecretGiven_IsReadFromAFile()
    {
        await using var server = await RunningServer.StartAsync();
        var file = server.FilePath("secret.txt");
        await File.WriteAllTextAsync(file, "a-secret-that-the-wiki-has-already-0123456789\n", TestTime.Token());

        var made = await RunAsync(server, "create", "--role", "read", "--secret", file);

        made.ExitCode.ShouldBe(0);
        made.Error.ShouldNotContain("0123456789");
    }

    [Fact]
    public async Task WrongKey_ExitsWithOne()
    {
        await using var server = await RunningServer.StartAsync();

        var result = await RunAsync(server, "list", "--key", "wrong");

        result.ExitCode.ShouldBe(1);
        result.Error.ShouldContain("401");
    }

    [Fact]
    public async Task UnknownKeyRevoked_ExitsWithOne()
    {
        await using var server = await RunningServer.StartAsync();

        var result = await RunAsync(server, "revoke", "nobody");

        result.ExitCode.ShouldBe(1);
        result.Error.ShouldContain("There is no such key");
    }

    private static Task<CommandResult> RunAsync(RunningServer server, params string[] arguments) =>
        WikiBusBinary.RunAsync(
            ["keys", .. arguments, "--url", server.Address.ToString(), "--data", server.DataDirectory]);

    private static JsonElement Json(CommandResult result)
    {
        result.ExitCode.ShouldBe(0, result.Error);
        return JsonDocument.Parse(result.Output).RootElement;
    }
}
