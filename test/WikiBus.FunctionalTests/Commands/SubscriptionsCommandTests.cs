using System.Text.Json;
using Microsoft.AspNetCore.Http;
using WikiBus.FunctionalTests.Infrastructure;
using WikiBus.FunctionalTests.Streaming;
using WikiBus.FunctionalTests.Webhooks;

namespace WikiBus.FunctionalTests.Commands;

public sealed class SubscriptionsCommandTests(ServerFixture fixture) : IClassFixture<ServerFixture>
{
    private const string Target = "https://wiki.example/hook";

    private RunningServer Server => fixture.Server;

    [Fact]
    public async Task Subscription_IsMadeListedShownAndDeleted()
    {
        var created = await RunAsync(
            "create", Target, "--id", "full", "--stream", "mediawiki.*", "--stream", "test.event", "--wiki", "enwiki",
            "--channel", "event://en.example/*", "--filter", "n > 1", "--filter", "n < 9", "--start", "0",
            "--order", "strict", "--concurrency", "3", "--timeout", "7 s", "--expire-after", "2h",
            "--header", "X-One: 1: 2");
        var listed = await RunAsync("list");
        var shown = await RunAsync("show", "full");
        var deleted = await RunAsync("delete", "full");

        var made = Json(created);
        created.Error.ShouldBe("wikibus: the secret is shown only now; keep it\n");
        made.GetProperty("secret").GetString()!.ShouldStartWith("whsec_");
        Members(made).ShouldBe(
            """
            "https://wiki.example/hook" ["mediawiki.*","test.event"] ["enwiki"] "event://en.example/*" ["n > 1","n < 9"]
             "0" "strict" 3 "7 s" "2 h" {"X-One":null}
            """.Replace("\n", "", StringComparison.Ordinal));
        Members(Json(shown)).ShouldBe(Members(made));
        shown.Output.ShouldNotContain("whsec_");
        listed.Output.ShouldContain("\"id\":\"full\"");
        deleted.ShouldBe(new CommandResult(
            0, "", "wikibus: the subscription full is deleted; 0 waiting and dead deliveries dropped\n"));
        (await RunAsync("show", "full")).ExitCode.ShouldBe(1);
    }

    [Fact]
    public async Task SubscriptionMadeAgain_IsThereAlreadyAndShowsNoSecret()
    {
        Json(await RunAsync("create", Target, "--id", "again"));

        var again = await RunAsync("create", Target, "--id", "again");
        var other = await RunAsync("create", Target, "--id", "again", "--wiki", "enwiki");

        Json(again).TryGetProperty("secret", out _).ShouldBeFalse();
        again.Error.ShouldContain("was there already");
        (other.ExitCode, other.Output).ShouldBe((1, ""));
        other.Error.ShouldContain("409");
    }

    [Fact]
    public async Task SecretValues_AreReadFromFilesAndStayWhenItIsReplaced()
    {
        var received = new List<string>();
        await using var receiver = await ScriptedServer.StartAsync((context, _) =>
        {
            received.Add($"{context.Request.Headers.Authorization}/{context.Request.Headers["x-two"]}");
            return Task.CompletedTask;
        });
        var (secret, headers) = (Server.FilePath("secret"), Server.FilePath("headers"));
        await File.WriteAllTextAsync(secret, SubscriptionApi.Secret + "\n", TestTime.Token());
        await File.WriteAllTextAsync(headers, "Authorization: Basic abc\n\nX-Two:  2 \n", TestTime.Token());

        var created = Json(await RunAsync(
            "create", $"{receiver.Address}", "--id", "secrets", "--secret", secret, "--header-file", headers));
        await RunAsync("test", "secrets");
        var replaced = await RunAsync(
            "replace", "secrets", $"{receiver.Address}", "--keep-header", "Authorization", "--wiki", "enwiki");
        await RunAsync("test", "secrets");
        var rotated = Json(await RunAsync("rotate", "secrets"));

        created.GetProperty("secret").GetString().ShouldBe(SubscriptionApi.Secret);
        Json(replaced).GetProperty("wikis").GetRawText().ShouldBe("""["enwiki"]""");
        replaced.Error.ShouldBeEmpty();
        received.ShouldBe(["Basic abc/2", "Basic abc/"]);
        rotated.GetProperty("secret").GetString().ShouldNotBe(SubscriptionApi.Secret);
    }

    [Theory]
    [InlineData(204, 0, "the recipient answered 204")]
    [InlineData(500, 1, "the recipient answered 500")]
    [InlineData(302, 1, "the recipient answered 302")]
    public async Task Test_SaysWhatTheRecipientAnswered(int status, int exitCode, string said)
    {
        await using var receiver = await ScriptedServer.StartAsync((context, _) =>
        {
            context.Response.StatusCode = status;
            return Task.CompletedTask;
        });
        Json(await RunAsync("create", $"{receiver.Address}", "--id", $"test-{status}"));

        var tested = await RunAsync("test", $"test-{status}");

        (tested.ExitCode, tested.Error).ShouldBe((exitCode, $"wikibus: {said}\n"));
        JsonDocument.Parse(tested.Output).RootElement.GetProperty("status").GetInt32().ShouldBe(status);
    }

    [Fact]
    public async Task TestOfARecipientThatIsAway_ExitsWithOne()
    {
        Json(await RunAsync("create", "http://127.0.0.1:1", "--id", "away"));

        var tested = await RunAsync("test", "away");

        tested.ExitCode.ShouldBe(1);
        tested.Error.ShouldStartWith("wikibus: the recipient did not answer: ");
    }

    [Fact]
    public async Task SubscriptionPaused_SkipsOnRequestAndListsItsTries()
    {
        await using var receiver = await ScriptedServer.StartAsync(static (_, _) => Task.CompletedTask);
        Json(await RunAsync("create", $"{receiver.Address}", "--id", "pausing", "--stream", "pausing.event"));
        await TestEvents.AppendAsync(Server, "pausing.event", 0);
        await SubscriptionApi.WaitAsync(
            Server, "pausing", static found => found.GetProperty("lag").GetInt64() == 0);

        var paused = await RunAsync("pause", "pausing");
        await TestEvents.AppendAsync(Server, "pausing.event", 1, 2);
        var resumed = await RunAsync("resume", "pausing", "--from", "now");
        var tries = await RunAsync("deliveries", "pausing", "--record", "pausing.event@0", "--verdict", "done");
        var others = await RunAsync("deliveries", "pausing", "--record", "pausing.event@1");

        Json(paused).GetProperty("state").GetString().ShouldBe("paused");
        paused.Error.ShouldBe("wikibus: the subscription pausing is paused\n");
        resumed.Error.ShouldBe("wikibus: the subscription pausing is resumed; 2 positions skipped\n");
        Json(tries).GetProperty("verdict").GetString().ShouldBe("done");
        others.ShouldBe(new CommandResult(0, "", ""));
        Json(await RunAsync("resume", "pausing")).GetProperty("state").GetString().ShouldBe("active");
    }

    [Fact]
    public async Task Replay_SendsAgainAndCanBeCancelled()
    {
        var ending = new TaskCompletionSource();
        await using var receiver = await ScriptedServer.StartAsync((_, _) => ending.Task);
        await TestEvents.AppendAsync(Server, "replay.event", 0, 1, 2);
        Json(await RunAsync("create", $"{receiver.Address}", "--id", "replaying", "--stream", "replay.event"));

        var replayed = await RunAsync("replay", "replaying", "--from", "replay.event@1", "--to", "now");
        await receiver.WaitForAsync(static _ => true);
        var second = await RunAsync("replay", "replaying", "--from", "1h");
        var cancelled = await RunAsync("replay", "replaying", "--cancel");
        var none = await RunAsync("replay", "replaying", "--cancel");
        ending.SetResult();

        Json(replayed).GetProperty("positions").GetInt64().ShouldBeGreaterThanOrEqualTo(2);
        replayed.Error.ShouldContain("the subscription replaying replays ");
        second.Error.ShouldContain("A replay of this subscription runs already.");
        cancelled.ShouldBe(new CommandResult(
            0, "", "wikibus: the replay of replaying has ended; 0 waiting and dead deliveries dropped\n"));
        (none.ExitCode, none.Output).ShouldBe((1, ""));
    }

    [Theory]
    [InlineData("show", "nobody")]
    [InlineData("replace", "nobody", Target)]
    [InlineData("rotate", "nobody")]
    [InlineData("test", "nobody")]
    [InlineData("pause", "nobody")]
    [InlineData("resume", "nobody")]
    [InlineData("replay", "nobody", "--from", "0")]
    [InlineData("deliveries", "nobody")]
    [InlineData("delete", "nobody")]
    public async Task SubscriptionThatDoesNotExist_ExitsWithOne(params string[] arguments)
    {
        var result = await RunAsync(arguments);

        (result.ExitCode, result.Output).ShouldBe((1, ""));
        result.Error.ShouldContain("There is no such subscription.");
    }

    [Theory]
    [InlineData("url: ", "create", "http://10.1")]
    [InlineData("url: ", "create", "ftp://a.example")]
    [InlineData("timeout: '7' is not allowed", "create", Target, "--timeout", "7")]
    [InlineData("concurrency: 1 to ", "create", Target, "--concurrency", "0")]
    [InlineData("filter: ", "create", Target, "--filter", "nonsense")]
    [InlineData("start: ", "create", Target, "--start", "yesterday")]
    [InlineData("headers: ", "create", Target, "--header", "Host: a")]
    public async Task SubscriptionThatTheServerRefuses_ExitsWithOneAndTheReason(
        string reason, params string[] arguments)
    {
        var result = await RunAsync(arguments);

        (result.ExitCode, result.Output).ShouldBe((1, ""));
        result.Error.ShouldContain(reason);
    }

    [Fact]
    public async Task SecretFileThatIsTooLong_IsNotCut()
    {
        var file = Server.FilePath("long");
        await File.WriteAllTextAsync(file, new string('s', 4097), TestTime.Token());

        var result = await RunAsync("create", Target, "--secret", file);

        (result.ExitCode, result.Error).ShouldBe((1, $"wikibus: '{file}' has more than 4096 characters.\n"));
    }

    [Fact]
    public async Task LongList_IsReadInPages()
    {
        await using var bus = await ScriptedServer.StartAsync(static (context, _) =>
        {
            var query = context.Request.QueryString.Value;
            context.Response.ContentType = "application/json";
            return context.Response.WriteAsync(query switch
            {
                "?limit=1000" => """{"items": [{"id": "a"}, {"id": "b"}], "next": "b&"}""",
                "?limit=1000&after=b%26" => """{"items": [{"id": "c"}], "next": null}""",
                "?limit=3" => """{"items": [{"id": "a"}, {"id": "b"}], "next": "b&"}""",
                "?limit=1&after=b%26" => """{"items": [{"id": "d"}], "next": "d"}""",
                _ => "[]",
            });
        });
        string[] list = ["subscriptions", "list", "--key", "k", "--url", $"{bus.Address}"];

        var all = await WikiBusBinary.RunAsync(list);
        var some = await WikiBusBinary.RunAsync([.. list, "--limit", "3"]);

        all.ShouldBe(new CommandResult(0, "{\"id\": \"a\"}\n{\"id\": \"b\"}\n{\"id\": \"c\"}\n", ""));
        some.ShouldBe(new CommandResult(0, "{\"id\": \"a\"}\n{\"id\": \"b\"}\n{\"id\": \"d\"}\n", ""));
    }

    private Task<CommandResult> RunAsync(params string[] arguments) => WikiBusBinary.RunAsync(
        ["subscriptions", .. arguments, "--url", $"{Server.Address}", "--data", Server.DataDirectory]);

    private static string Members(JsonElement subscription) => string.Join(' ', ((string[])
    [
        "url", "streams", "wikis", "channel", "filter", "start", "order", "concurrency", "timeout", "expireAfter",
        "headers",
    ]).Select(name => subscription.GetProperty(name).GetRawText()));

    private static JsonElement Json(CommandResult result)
    {
        result.ExitCode.ShouldBe(0, result.Error);
        return JsonDocument.Parse(result.Output).RootElement;
    }
}
