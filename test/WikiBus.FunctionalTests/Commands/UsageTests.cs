using WikiBus.FunctionalTests.Infrastructure;

namespace WikiBus.FunctionalTests.Commands;

public sealed class UsageTests
{
    [Theory]
    [InlineData("nonsense")]
    [InlineData("serve", "--nonsense")]
    [InlineData("tail")]
    [InlineData("keys", "create", "--role", "king")]
    [InlineData("tail", "a", "--url", "nowhere")]
    public async Task WrongUsage_ExitsWithTwoAndKeepsStandardOutputClean(params string[] arguments)
    {
        var result = await WikiBusBinary.RunAsync(arguments);

        result.ExitCode.ShouldBe(2);
        result.Error.ShouldNotBeEmpty();
    }

    [Theory]
    [InlineData("PATH OP VALUE", "--filter", "nonsense")]
    [InlineData("SCHEME://HOST/PATH", "--channel", "nonsense")]
    [InlineData("2020-01-01T12:30:00Z and 1h", "--since", "yesterday")]
    [InlineData("2020-01-01T12:30:00Z and 1h", "--until", "١h")]
    [InlineData("--last: '-1' is not allowed; a whole number from 0 on is.", "--last", "-1")]
    [InlineData("2020-01-01T12:30:00Z and 1h", "--since", "12:30:00")]
    [InlineData("--since is later than --until", "--since", "2020-01-02", "--until", "2020-01-01")]
    [InlineData("--since is later than --until", "--since", "5 min", "--until", "1h")]
    [InlineData("one of them is allowed", "--last", "1", "--since", "1h")]
    [InlineData("tail --ids writes it", "--last-event-id", "nonsense")]
    [InlineData("is not a stream's name", "a stream")]
    public async Task WrongOptionOfTail_ExitsWithTwoBeforeAnyRequest(string allowed, params string[] arguments)
    {
        var result = await WikiBusBinary.RunAsync(["tail", "a", .. arguments, "--url", "http://127.0.0.1:1"]);

        result.ExitCode.ShouldBe(2);
        result.Output.ShouldBeEmpty();
        result.Error.ShouldContain(allowed);
    }

    [Theory]
    [InlineData("There is no command revok. Did you mean revoke? See wikibus keys --help.", "keys", "revok")]
    [InlineData("There is no command creat. Did you mean create? See wikibus keys --help.", "keys", "creat", "--id")]
    [InlineData("There is no command nonsense. See wikibus --help.", "nonsense")]
    [InlineData("Required command was not provided. See wikibus keys --help.", "keys")]
    [InlineData("--batch: 'x' is not allowed; 1 to 65536 is. See wikibus send --help.", "send", "--batch", "x")]
    [InlineData("Required argument 'STREAM' missing for command: 'tail'. See wikibus tail --help.", "tail")]
    [InlineData(
        "Argument 'foo' not recognized. Must be one of: 'bash' 'zsh' 'fish'. See wikibus completion --help.",
        "completion", "foo")]
    [InlineData(
        "Argument 'odd' not recognized. Must be one of: 'key' 'none' 'strict'. See wikibus subscriptions create "
        + "--help.",
        "subscriptions", "create", "https://a.example", "--order", "odd")]
    [InlineData(
        "--header: only 'NAME: VALUE' is allowed.",
        "subscriptions", "create", "https://a.example", "--header", "secret-value")]
    [InlineData(
        "--header: 'x-a' is given more than once.",
        "subscriptions", "replace", "s", "https://a.example", "--header", "X-A: 1", "--keep-header", "x-a")]
    [InlineData(
        "Only one of --secret and --header-file can read standard input.",
        "subscriptions", "create", "https://a.example", "--header-file", "-", "--secret", "-")]
    [InlineData("--from or --cancel is needed, not both.", "subscriptions", "replay", "s")]
    [InlineData("--from or --cancel is needed, not both.", "subscriptions", "replay", "s", "--to", "9", "--cancel")]
    [InlineData(
        "Which ones? Name ids, or at least one of --subscription, --stream, --since, --until; not both.",
        "deadletters", "replay")]
    [InlineData(
        "Which ones? Name ids, or at least one of --subscription, --stream, --since, --until; not both.",
        "deadletters", "drop", "1", "--stream", "a", "--yes")]
    [InlineData(
        "To drop all that the filter matches, add --yes. wikibus deadletters list shows them.",
        "deadletters", "drop", "--stream", "a")]
    [InlineData("--since is later than --until, so there are no events.",
        "deadletters", "list", "--since", "1h", "--until", "2h")]
    [InlineData("Required argument 'SUBSCRIPTION' missing for command: 'why'. See wikibus why --help.", "why", "1")]
    [InlineData(
        "--last-event-id: 'foo' is not allowed; an id as tail --ids writes it, a JSON array, is.",
        "tail", "a", "--last-event-id", "foo")]
    public async Task WrongUsage_IsSaidOnOneLine(string message, params string[] arguments)
    {
        var result = await WikiBusBinary.RunAsync(arguments);

        result.ShouldBe(new CommandResult(2, "", $"wikibus: {message}\n"));
    }

    [Fact]
    public async Task NoVerb_ExitsWithTwoAndListsTheVerbsOnStandardError()
    {
        var result = await WikiBusBinary.RunAsync([]);

        result.ExitCode.ShouldBe(2);
        result.Output.ShouldBeEmpty();
        result.Error.ShouldContain("  tail <STREAM>");
        result.Error.ShouldNotContain("Examples:");
        result.Error.ShouldEndWith("wikibus: a command is needed, such as wikibus serve\n");
    }

    [Fact]
    public async Task HelpOfSend_SaysTheDefaultOnce()
    {
        var result = await WikiBusBinary.RunAsync(["send", "--help"]);

        result.Output.ShouldContain("- is standard input (default)");
        result.Output.ShouldNotContain("[default");
    }

    [Theory]
    [InlineData("localhost:8192", "Did you mean http://localhost:8192?")]
    [InlineData("bus", "Did you mean http://bus?")]
    public async Task AddressWithoutAScheme_IsRefusedWithTheProbableOne(string url, string hint)
    {
        var result = await WikiBusBinary.RunAsync(["streams", "--url", url]);

        result.ExitCode.ShouldBe(2);
        result.Error.ShouldContain(hint);
    }

    [Fact]
    public async Task HttpsAddressOfAServerWithHttp_IsSaidToBeOne()
    {
        await using var server = await RunningServer.StartAsync();

        var result = await WikiBusBinary.RunAsync(["streams", "--url", $"https://{server.Address.Authority}"]);

        result.ExitCode.ShouldBe(1);
        result.Error.ShouldContain("the address begins with http:// (--url)");
    }

    [Theory]
    [InlineData("There is no option --field. Did you mean --fields?", "tail", "a", "--field", "title")]
    [InlineData("There is no option --field. Did you mean --fields?", "tail", "a", "--field=title")]
    [InlineData("There is no option -f. See wikibus tail --help", "tail", "-f", "a")]
    [InlineData("There is no option -n. See wikibus tail --help", "tail", "-n", "10", "a")]
    [InlineData("There is no option --hastty. Did you mean --hasty?", "send", "--hastty", "f")]
    [InlineData("There is no option --alll. Did you mean --all?", "streams", "--alll")]
    [InlineData("There is no option --lisen. Did you mean --listen?", "serve", "--lisen", "http://127.0.0.1:0")]
    public async Task MistypedOption_IsNotTakenForAName(string message, params string[] arguments)
    {
        var result = await WikiBusBinary.RunAsync(arguments);

        result.ExitCode.ShouldBe(2);
        result.Error.ShouldContain(message);
    }

    [Fact]
    public async Task NameWithAHyphenAfterTwoHyphens_IsAName()
    {
        var result = await WikiBusBinary.RunAsync(["send", "--url", "http://127.0.0.1:1", "--", "--hastty"]);

        result.ExitCode.ShouldBe(1);
        result.Error.ShouldContain("Could not find file");
    }

    [Theory]
    [InlineData("--config: '' is not allowed", "--config", "")]
    [InlineData("--streams: '' is not allowed; a file or an http(s) URL is", "--streams", "")]
    [InlineData("Schemas:Sources: '' is not allowed", "--schemas", "")]
    [InlineData("Hosting:Listen: '' is not allowed", "--listen", "")]
    [InlineData(
        "Streams:Source: 'http://…@127.0.0.1:1/s' is not allowed; a file that exists or an http(s) URL without a "
        + "password is", "--streams", "http://user:pa/ss@127.0.0.1:1/s")]
    [InlineData("Streams:Source: 'http://…@127.0.0.1:1/' is not allowed", "--streams", "http://user:pass@127.0.0.1:1/")]
    [InlineData("Schemas:Sources: 'http://…@127.0.0.1:1/' is not allowed", "--schemas", "http://u:pass@127.0.0.1:1/")]
    [InlineData(
        "'http://localhost:21999/' is not allowed twice",
        "--listen", "http://localhost:21999", "--listen", "http://localhost:21999/")]
    public async Task WrongOptionOfServe_IsAFaultOfTheConfiguration(string message, params string[] arguments)
    {
        using var data = new TestDirectory();

        var result = await WikiBusBinary.RunAsync(["serve", "--data", data.Combine("data"), .. arguments]);

        result.ExitCode.ShouldBe(2);
        result.Error.ShouldContain(message);
        result.Error.ShouldNotContain("   at ");
        result.Error.ShouldNotContain("pass@");
    }

    [Theory]
    [InlineData("serve")]
    [InlineData("send")]
    [InlineData("tail")]
    [InlineData("streams")]
    [InlineData("keys", "create")]
    [InlineData("keys", "replace")]
    [InlineData("subscriptions", "create")]
    [InlineData("subscriptions", "replay")]
    [InlineData("deadletters", "drop")]
    [InlineData("why")]
    [InlineData("log", "check")]
    [InlineData("schemas", "check")]
    [InlineData("completion")]
    public async Task HelpAsked_ExplainsEveryOption(params string[] verb)
    {
        var result = await WikiBusBinary.RunAsync([.. verb, "--help"]);

        result.ExitCode.ShouldBe(0);
        result.Output.ShouldContain("Usage:");
        result.Output.ShouldNotContain("\u001b[");
    }

    [Fact]
    public async Task VersionAsked_SaysIt()
    {
        var result = await WikiBusBinary.RunAsync(["--version"]);

        result.ExitCode.ShouldBe(0);
        result.Output.Trim().ShouldMatch(@"^\d+\.\d+\.\d+");
    }

    [Theory]
    [InlineData("bash")]
    [InlineData("zsh")]
    [InlineData("fish")]
    public async Task CompletionAsked_PrintsAScript(string shell)
    {
        var result = await WikiBusBinary.RunAsync(["completion", shell]);

        result.ExitCode.ShouldBe(0);
        result.Output.ShouldContain("[suggest:");
    }

    [Fact]
    public async Task Suggestion_NamesTheVerbs()
    {
        var result = await WikiBusBinary.RunAsync(["[suggest:10]", "wikibus st"]);

        result.Output.ShouldContain("streams");
    }

    [Theory]
    [InlineData("http://user:pw-1@127.0.0.1:1", "http://127.0.0.1:1/", 1)]
    [InlineData("ftp://user:pw-1@127.0.0.1:1", "'ftp://127.0.0.1:1'", 2)]
    [InlineData("user:pw-1@127.0.0.1:1", "'127.0.0.1:1'", 2)]
    public async Task PasswordInTheAddress_IsNotShown(string url, string shown, int exitCode)
    {
        var result = await WikiBusBinary.RunAsync(["streams", "--url", url]);

        result.ExitCode.ShouldBe(exitCode);
        result.Error.ShouldContain(shown);
        result.Error.ShouldNotContain("pw-1");
    }

    [Theory]
    [InlineData("send", "-")]
    [InlineData("tail", "mediawiki.recentchange")]
    [InlineData("streams")]
    [InlineData("keys", "list")]
    [InlineData("subscriptions", "list")]
    [InlineData("subscriptions", "delete", "s")]
    [InlineData("deadletters", "list")]
    [InlineData("why", "1", "s")]
    public async Task NoServer_ExitsWithOneAndSaysWhatToDo(params string[] arguments)
    {
        var result = await WikiBusBinary.RunAsync([.. arguments, "--url", "http://127.0.0.1:1"], input: "{}");

        result.ExitCode.ShouldBe(1);
        result.Output.ShouldBeEmpty();
        result.Error.ShouldContain("wikibus serve");
    }
}
