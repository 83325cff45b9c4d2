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

        var revoked = await RunAsync(server, "revoke", "wiki-one");
        revoked.ShouldBe(new CommandResult(0, "", "wikibus: the key wiki-one is revoked\n"));
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
    public async Task KeyThatIsReplaced_HasWhatIsNamedAndNothingElse()
    {
        await using var server = await RunningServer.StartAsync();
        await RunAsync(server, "create", "--id", "wiki-one", "--role", "publish", "--stream", "mediawiki.*");

        var replaced = await RunAsync(server, "replace", "wiki-one", "--role", "publish,subscribe",
            "--network", "10.1.2.3/8", "--network", "::1", "--host", "Wiki.example", "--wiki", "wdb", "--domain", "w");

        Json(replaced).TryGetProperty("createdAt", out var createdAt).ShouldBeTrue();
        replaced.Error.ShouldBeEmpty();
        var expected = $$"""
            {"id":"wiki-one","roles":["publish","subscribe"],"streams":[],"wikis":["wdb"],"domains":["w"],"networks":[
            "10.0.0.0/8","::1/128"],"hosts":["wiki.example"],"createdAt":"{{createdAt}}"}

            """;
        replaced.Output.ShouldBe(expected.Replace("[\n", "[", StringComparison.Ordinal));
        (await RunAsync(server, "list")).Output.ShouldBe(replaced.Output);
    }

    [Theory]
    [InlineData("There is no such key", "replace", "nobody", "--role", "read")]
    [InlineData("hosts: 'a:80' is not allowed", "replace", "nobody", "--role", "read", "--host", "a:80")]
    [InlineData("networks: '10/8' is not allowed", "create", "--role", "read", "--network", "10/8")]
    public async Task ChangeThatTheServerRefuses_ExitsWithOneAndTheReason(string reason, params string[] arguments)
    {
        await using var server = await RunningServer.StartAsync();

        var result = await RunAsync(server, arguments);

        result.ExitCode.ShouldBe(1);
        result.Output.ShouldBeEmpty();
        result.Error.ShouldContain(reason);
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

    [Theory]
    [InlineData("24")]
    [InlineData("soon")]
    public async Task OverlapThatIsNoDuration_IsRefusedWithTheOptionAndTheUnits(string overlap)
    {
        var result = await WikiBusBinary.RunAsync(
            ["keys", "rotate", "some", "--overlap", overlap, "--url", "http://127.0.0.1:1"]);

        result.ExitCode.ShouldBe(2);
        result.Error.ShouldContain($"--overlap: '{overlap}' is not allowed; a number with its unit (500 ms, 4 s, ");
    }

    [Fact]
    public async Task RolesJoinedByAComma_AreAllTaken()
    {
        await using var server = await RunningServer.StartAsync();

        var made = Json(await RunAsync(server, "create", "--role", "read,publish"));

        made.GetProperty("roles").EnumerateArray().Select(static role => role.GetString())
            .ShouldBe(["read", "publish"], ignoreOrder: true);
    }

    [Fact]
    public async Task RoleThatDoesNotExist_IsRefusedWithThoseThatDo()
    {
        var result = await WikiBusBinary.RunAsync(["keys", "create", "--role", "read,king"]);

        result.ExitCode.ShouldBe(2);
        result.Error.ShouldContain("--role: 'king' is not allowed; publish, read, manage, subscribe, chain are.");
    }

    [Fact]
    public async Task WikiThatLooksLikeADomain_GetsAHint()
    {
        await using var server = await RunningServer.StartAsync();

        var domain = await RunAsync(server, "create", "--role", "publish", "--wiki", "en.wiki.example");
        var wiki = await RunAsync(server, "create", "--role", "publish", "--wiki", "enwiki");

        domain.ExitCode.ShouldBe(0, domain.Error);
        domain.Error.ShouldContain("'en.wiki.example' looks like a domain");
        domain.Error.ShouldContain("--domain");
        wiki.Error.ShouldNotContain("--domain");
    }

    [Fact]
    public async Task NoKeyForAServerThatNeedsOne_SaysHowToGiveOne()
    {
        await using var server = await RunningServer.StartAsync();

        var result = await WikiBusBinary.RunAsync(["keys", "list", "--url", $"{server.Address}"]);

        result.ExitCode.ShouldBe(1);
        result.Error.ShouldContain("401");
        result.Error.ShouldContain("Give a key: --key or WIKIBUS_KEY, or name the server's data directory by --data.");
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
    public async Task AdminKeyOfAnotherServer_IsNamedByItsFile()
    {
        await using var server = await RunningServer.StartAsync();
        await using var other = await RunningServer.StartAsync();

        var result = await WikiBusBinary.RunAsync(
            ["keys", "list", "--url", $"{server.Address}", "--data", other.DataDirectory]);

        result.ExitCode.ShouldBe(1);
        result.Error.ShouldContain($"The key is from {Path.Combine(other.DataDirectory, "admin.key")}.");
        result.Error.ShouldContain("(--url)");
    }

    [Fact]
    public async Task WikiWithASpace_IsRefused()
    {
        await using var server = await RunningServer.StartAsync();

        var result = await RunAsync(server, "create", "--role", "publish", "--wiki", "a b");

        result.ExitCode.ShouldBe(1);
        result.Error.ShouldContain("wikis: ");
    }

    [Fact]
    public async Task OverlapThatIsTooLong_IsRefusedWithTheOptionAndItsLimit()
    {
        var result = await WikiBusBinary.RunAsync(
            ["keys", "rotate", "some", "--overlap", "400d", "--url", "http://127.0.0.1:1"]);

        result.ExitCode.ShouldBe(2);
        result.Error.ShouldContain("wikibus: --overlap: '400d' is not allowed; 0 to 366 days are.");
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
