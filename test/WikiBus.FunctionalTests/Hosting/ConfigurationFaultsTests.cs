using WikiBus.FunctionalTests.Infrastructure;

namespace WikiBus.FunctionalTests.Hosting;

/// <summary>A start reports every fault of its configuration, whatever else is wrong.</summary>
public sealed class ConfigurationFaultsTests
{
    [Fact]
    public async Task FaultsOfEverySectionAndKind_AreReportedTogether()
    {
        using var directory = new TestDirectory();
        await File.WriteAllTextAsync(directory.Combine("streams.json"), """{ "a stream": 1 }""", TestTime.Token());
        await File.WriteAllTextAsync(directory.Combine("wikibus.json"), """
            {
              "Hosting": { "ConnectionsMax": "many", "HeaderBytesMax": 10, "Listen": ["ftp://nowhere"] },
              "Log": { "SegmentByteMax": 1, "RetentionAgeMax": "1 s", "FrameBytesMax": { "a": 1 } },
              "Access": { "TrustedNetworks": ["here"], "KeyCountMax": 0, "RotationOverlap": "long" },
              "Schemas": { "Sources": ["no/such/folder"], "SchemaCountMax": "none" },
              "Streams": { "Source": "streams.json", "CountMax": "all" },
              "Intake": { "BodyBytesMax": "2 GiB", "BytesInFlightMax": "1 KiB", "NestingMax": 1, "Deadline": 4,
                "ErrorStream": "a b", "HeaderFields": ["x"], "TestEvents": "no/such/file" },
              "Streaming": { "WriteTimeout": "1 d", "HeartbeatInterval": "often" },
              "Logging": { "LogLevel": { "Default": "Loud" }, "Console": { "FormatterName": "xml" }, "Levels": {} },
              "Kestrel": {
                "Certificates": { "Default": { "Path": "no-cert.pem", "KeyPath": "no-key.pem" } }, "Limit": { "a": 1 }
              },
              "Loging": { "LogLevel": "Debug" }
            }
            """, TestTime.Token());

        var result = await WikiBusBinary.RunAsync(
            ["serve", "--listen", "nowhere", "--nonsense"], workingDirectory: directory.FullPath,
            environment: [("WIKIBUS_Intake__Dedline", "1 s"), ("WIKIBUS_Access__SlowHashesPerSecondMax", "0")]);

        result.ExitCode.ShouldBe(2);
        result.Output.ShouldBeEmpty();
        string[] expected =
        [
            "There is no option --nonsense",
            "Hosting:ConnectionsMax: 'many' is not allowed",
            "Hosting:HeaderBytesMax: 10 is not allowed",
            "Hosting:Listen: 'nowhere' is not allowed",
            "Log:SegmentByteMax: no such option",
            "Log:RetentionAgeMax: 00:00:01 is not allowed",
            "Log:FrameBytesMax: is a list or an object",
            "Access:TrustedNetworks: 'here' is not allowed",
            "Access:KeyCountMax: 0 is not allowed",
            "Access:RotationOverlap: 'long' is not allowed",
            "Access:SlowHashesPerSecondMax: 0 is not allowed",
            "Schemas:Sources: 'no/such/folder' is not allowed",
            "Schemas:SchemaCountMax: 'none' is not allowed",
            "Streams:Source: 'streams.json' cannot be used",
            "Streams:CountMax: 'all' is not allowed",
            "Intake:BodyBytesMax: 2147483647 is not allowed",
            "Intake:NestingMax: 1 is not allowed",
            "Intake:Deadline: '4' is not allowed",
            "Intake:ErrorStream: 'a b' is not allowed",
            "Intake:HeaderFields: 'x' is not allowed",
            "Intake:TestEvents: 'no/such/file' is not allowed",
            "WIKIBUS_Intake__Dedline: no such option",
            "Streaming:WriteTimeout: 1.00:00:00 is not allowed",
            "Streaming:HeartbeatInterval: 'often' is not allowed",
            "Logging:LogLevel:Default: 'Loud' is not allowed",
            "Logging:Console:FormatterName: 'xml' is not allowed",
            "Logging:Levels: no such option",
            "Kestrel:Certificates:Default:Path: 'no-cert.pem' is not allowed",
            "Kestrel:Certificates:Default:KeyPath: 'no-key.pem' is not allowed",
            "Kestrel:Limit:a: no such option",
            "Loging:LogLevel: no such option",
        ];
        expected.Where(fault => !result.Error.Contains(fault, StringComparison.Ordinal)).ShouldBeEmpty(result.Error);

        // Its bound depends on BodyBytesMax, which is at fault itself.
        result.Error.ShouldNotContain("Intake:BytesInFlightMax");
        Directory.Exists(directory.Combine("data")).ShouldBeFalse();
    }

    [Theory]
    [InlineData("missing.json", null, "There is no configuration file 'missing.json'")]
    [InlineData("broken.json", "{ \"Log\": ", "broken.json")]
    [InlineData("twice.json", """{ "Log": { "FreeBytesMin": 1 }, "log": { "FreeBytesMin": 2 } }""", "twice.json")]
    [InlineData("list.json", "[]", "list.json")]
    public async Task FileThatCannotBeRead_DoesNotHideOtherFaults(string file, string? text, string expected)
    {
        using var directory = new TestDirectory();
        if (text is not null)
        {
            await File.WriteAllTextAsync(directory.Combine(file), text, TestTime.Token());
        }

        var result = await WikiBusBinary.RunAsync(
            ["serve", "--config", file, "--listen", "nowhere"], workingDirectory: directory.FullPath,
            environment: [("WIKIBUS_Log__FreeBytesMin", "little")]);

        result.ExitCode.ShouldBe(2);
        result.Error.ShouldContain(expected);
        result.Error.ShouldContain("Hosting:Listen: 'nowhere' is not allowed");
        result.Error.ShouldContain("Log:FreeBytesMin: 'little' is not allowed");
    }

    [Fact]
    public async Task RulesBetweenOptions_AreReportedBesideOtherFaults()
    {
        var result = await WikiBusBinary.RunAsync(
            ["serve"],
            environment:
            [
                ("WIKIBUS_Hosting__ConnectionsMax", "100"), ("WIKIBUS_Streaming__ConnectionsMax", "100"),
                ("WIKIBUS_Intake__BytesInFlightMax", "1 MiB"), ("WIKIBUS_Intake__NestingMax", "x"),
            ]);

        result.ExitCode.ShouldBe(2);
        result.Error.ShouldContain("Streaming:ConnectionsMax: 100 is not allowed");
        result.Error.ShouldContain("Intake:BytesInFlightMax: 1048576 is not allowed");
        result.Error.ShouldContain("Intake:NestingMax: 'x' is not allowed");
        result.Error.ShouldContain("The configuration has faults (3):");
    }

    [Fact]
    public async Task CertificateThatIsNone_IsReportedBesideOtherFaults()
    {
        using var directory = new TestDirectory();
        await File.WriteAllTextAsync(directory.Combine("cert.pem"), "no certificate", TestTime.Token());

        var result = await WikiBusBinary.RunAsync(
            ["serve", "--listen", "https://127.0.0.1:0"], workingDirectory: directory.FullPath,
            environment:
            [
                ("WIKIBUS_Kestrel__Certificates__Default__Path", "cert.pem"),
                ("WIKIBUS_Kestrel__Certificates__Default__KeyPath", "cert.pem"), ("WIKIBUS_Log__FreeBytesMin", "x"),
            ]);

        result.ExitCode.ShouldBe(2);
        result.Error.ShouldContain("Kestrel: ");
        result.Error.ShouldContain("Log:FreeBytesMin: 'x' is not allowed");
    }

    [Theory]
    [InlineData("WIKIBUS_", "the nearest is ")]
    [InlineData("WIKIBUS_DATA", "the nearest is WIKIBUS_Hosting__Data")]
    [InlineData("WIKIBUS_Intake__Dedline", "the nearest is WIKIBUS_Intake__Deadline")]
    [InlineData("WIKIBUS_INTAKE_DEADLINE", "the nearest is WIKIBUS_Intake__Deadline")]
    [InlineData("WIKIBUS_Intke__Deadline__0", "the nearest is WIKIBUS_Intake__Deadline")]
    [InlineData("WIKIBUS_LISTEN", "the nearest is WIKIBUS_Hosting__Listen")]
    public async Task VariableThatMatchesNoOption_IsAFaultThatNamesTheNearest(string variable, string nearest)
    {
        using var directory = new TestDirectory();

        var result = await WikiBusBinary.RunAsync(
            ["serve", "--data", directory.Combine("data"), "--listen", "http://127.0.0.1:1"],
            environment: [(variable, "x")]);

        result.ExitCode.ShouldBe(2);
        result.Error.ShouldContain($"{variable}: no such option; {nearest}");
        result.Error.ShouldContain("The configuration has faults (1):");
    }

    [Fact]
    public async Task VariablesOfTheClientAndOfKubernetes_AreNoFaults()
    {
        using var directory = new TestDirectory();

        await using var server = await ServerProcess.StartAsync(
            ["--data", directory.Combine("data"), "--listen", "http://127.0.0.1:0"],
            new Dictionary<string, string>
            {
                ["WIKIBUS_URL"] = "http://other:8192",
                ["WIKIBUS_KEY"] = "secret",
                ["WIKIBUS_SERVICE_HOST"] = "10.0.0.1",
                ["WIKIBUS_SERVICE_PORT_HTTP"] = "8192",
                ["WIKIBUS_PORT"] = "tcp://10.0.0.1:8192",
                ["WIKIBUS_PORT_8192_TCP_ADDR"] = "10.0.0.1",
            });

        (await server.TerminateAsync()).ShouldBe(0);
    }
}
