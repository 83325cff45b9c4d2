using WikiBus.FunctionalTests.Infrastructure;
using WikiBus.FunctionalTests.Intake;
using WikiBus.FunctionalTests.Streaming;
using WikiBus.Server.Hosting;

namespace WikiBus.FunctionalTests.Hosting;

public sealed class ConfigurationTests
{
    [Fact]
    public async Task SeveralFaults_AreReportedTogetherWithWhatIsAllowed()
    {
        using var directory = new TestDirectory();
        await File.WriteAllTextAsync(directory.Combine("wikibus.json"), """
            {
              // Comments are allowed.
              "Hosting": { "ConnectionsMax": "many", "Listen": ["ftp://nowhere"] },
              "Log": { "SegmentByteMax": 1, "RetentionAgeMax": "1 s", },
              "Loging": { "LogLevel": "Debug" }
            }
            """, TestTime.Token());

        var result = await WikiBusBinary.RunAsync(["serve"], workingDirectory: directory.FullPath);

        result.ExitCode.ShouldBe(2);
        result.Output.ShouldBeEmpty();
        result.Error.ShouldContain("Hosting:ConnectionsMax: 'many' is not allowed; a whole number");
        result.Error.ShouldContain("Log:SegmentByteMax: no such option; the nearest is Log:SegmentBytesMax");
        result.Error.ShouldContain("Log:RetentionAgeMax: 00:00:01 is not allowed; 00:01:00 to");
        result.Error.ShouldContain("Loging:LogLevel: no such option; the nearest is Logging:LogLevel");
    }

    [Fact]
    public async Task ValueOutOfBounds_IsReportedWithItsKeyAndBounds()
    {
        var fault = await Should.ThrowAsync<StartupException>(() => RunningServer.StartAsync(
            ("Hosting:HeaderBytesMax", "10"), ("Hosting:Listen:0", "http://example.org")));

        fault.ExitCode.ShouldBe(2);
        fault.Message.ShouldContain("Hosting:HeaderBytesMax: 10 is not allowed; 4096 to 1048576 is");
        fault.Message.ShouldContain("Hosting:Listen: 'http://example.org' is not allowed");
    }

    [Theory]
    [InlineData("Intake:BodyBytesMax", "2 GiB", "1024 to 1073741824 is")]
    [InlineData("Intake:BodyBytesMax", "-3 GiB", "1024 to 1073741824 is")]
    [InlineData("Hosting:ConnectionsMax", "3000000000", "10 to 1000000 is")]
    public async Task NumberThatIsFarTooLarge_IsReportedWithTheBounds(string key, string value, string allowed)
    {
        var fault = await Should.ThrowAsync<StartupException>(() => RunningServer.StartAsync((key, value)));

        fault.ExitCode.ShouldBe(2);
        fault.Message.ShouldContain($"{key}: ");
        fault.Message.ShouldContain($" is not allowed; {allowed}");
    }

    [Theory]
    [InlineData("Access:PublicStreams", "a,,b", "'' is not allowed; 'eventstreams' and names of streams are")]
    [InlineData("Access:PublicStreams", "a,", "'' is not allowed; 'eventstreams' and names of streams are")]
    [InlineData("Access:PublicStreams", "eventstream", "'eventstream' is not allowed; 'eventstreams' is")]
    [InlineData("Access:PublicStreams", "EventStreams", "'EventStreams' is not allowed; 'eventstreams' is")]
    [InlineData("Access:TrustedNetworks", "10.0.0.0/8, ,127.0.0.1", "'' is not allowed; an address or a network")]
    public async Task ItemThatCanOnlyBeAMistake_IsRefused(string key, string value, string fault)
    {
        var exception = await Should.ThrowAsync<StartupException>(() => RunningServer.StartAsync((key, value)));

        exception.Message.ShouldContain($"{key}: {fault}");
    }

    [Theory]
    [InlineData("a, b c")]
    [InlineData(" a  b,c ")]
    public void ItemsOfAList_AreBetweenCommasAndBlanks(string text)
    {
        var configuration = ServerConfiguration.Load(
            file: null, [new("Access:PublicStreams", text)], report: static _ => { });

        WikiBus.Server.Options.OptionBinder.Bind<WikiBus.Server.Access.AccessOptions>(
            configuration, new WikiBus.Server.Options.OptionFaults()).PublicStreams.ShouldBe(["a", "b", "c"]);
    }

    [Theory]
    [InlineData("100", "100")]
    [InlineData("100", "101")]
    public async Task ReadersThatCouldTakeEveryConnection_AreRefused(string all, string readers)
    {
        var fault = await Should.ThrowAsync<StartupException>(() => RunningServer.StartAsync(
            ("Hosting:ConnectionsMax", all), ("Streaming:ConnectionsMax", readers)));

        fault.ExitCode.ShouldBe(2);
        fault.Message.ShouldContain(
            $"Streaming:ConnectionsMax: {readers} is not allowed; 1 to 99 is, less than Hosting:ConnectionsMax (100)");
    }

    [Fact]
    public async Task ReadersThatTakeAllTheirConnections_LeaveRoomForProducers()
    {
        await using var server = await RunningServer.StartAsync(
            ("Hosting:ConnectionsMax", "10"), ("Streaming:ConnectionsMax", "9"));
        var readers = new List<RawStream>();
        for (var number = 0; number < 9; number++)
        {
            readers.Add(await RawStream.OpenAsync(server.Address, "/v2/stream/test.event"));
        }

        (await IntakePost.SendAsync(server, IntakePost.Event)).Status.ShouldBe(201);
        foreach (var reader in readers)
        {
            await reader.DisposeAsync();
        }
    }

    [Fact]
    public async Task ConfigurationFileMissing_ExitsWithTwo()
    {
        var result = await WikiBusBinary.RunAsync(["serve", "--config", "/no/such/file.json"]);

        result.ExitCode.ShouldBe(2);
        result.Error.ShouldContain("There is no configuration file");
    }

    [Fact]
    public async Task ConfigurationFileIsNoJson_ExitsWithTwoAndSaysWhere()
    {
        using var directory = new TestDirectory();
        await File.WriteAllTextAsync(directory.Combine("wikibus.json"), "{ \"Log\": ", TestTime.Token());

        var result = await WikiBusBinary.RunAsync(["serve"], workingDirectory: directory.FullPath);

        result.ExitCode.ShouldBe(2);
        result.Error.ShouldContain("wikibus.json");
    }

    [Fact]
    public async Task ListOnTheCommandLine_ReplacesTheListOfTheFile()
    {
        using var directory = new TestDirectory();
        await File.WriteAllTextAsync(
            directory.Combine("bus.json"),
            """{ "Hosting": { "Listen": ["http://127.0.0.1:1", "http://127.0.0.1:2"] } }""",
            TestTime.Token());

        await using var server = await ServerProcess.StartAsync(
            directory.Combine("data"), "--config", directory.Combine("bus.json"));

        (await server.TerminateAsync()).ShouldBe(0);
    }

    [Fact]
    public async Task ArrayEmpty_IsAnEmptyList()
    {
        using var directory = new TestDirectory();
        await File.WriteAllTextAsync(
            directory.Combine("bus.json"), """{ "Access": { "TrustedNetworks": [] } }""", TestTime.Token());
        var configuration = ServerConfiguration.Load(directory.Combine("bus.json"), [], report: static _ => { });

        var options = WikiBus.Server.Options.OptionBinder.Bind<WikiBus.Server.Access.AccessOptions>(
            configuration, new WikiBus.Server.Options.OptionFaults());

        options.TrustedNetworks.ShouldBeEmpty();
    }
}
