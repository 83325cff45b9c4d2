using System.IO.Compression;
using System.Text;
using System.Text.Json;
using WikiBus.FunctionalTests.Infrastructure;

namespace WikiBus.FunctionalTests.Intake;

/// <summary>The bytes of events on their way into the log.</summary>
public sealed class EventBytesTests(ServerFixture fixture) : IClassFixture<ServerFixture>
{
    private RunningServer Server => fixture.Server;

    [Theory]
    [InlineData("gzip")]
    [InlineData("deflate")]
    [InlineData("br")]
    public async Task CompressedBody_IsInflated(string coding)
    {
        var stored = await PostOneAsync(Compress(coding, IntakePost.Event), ("Content-Encoding", coding));
        stored.Payload.ShouldContain("\"test\":\"hello\"");
    }

    [Theory]
    [InlineData("gzip", 1)]
    [InlineData("gzip", 8)]
    [InlineData("deflate", 1)]
    [InlineData("br", 1)]
    public async Task CompressedBodyThatWasCutOff_IsAFault(string coding, int missing)
    {
        var before = StoredRecords.End(Server);
        var bytes = Compress(coding, IntakePost.Event);
        var answer = await IntakePost.SendAsync(
            Server, bytes[..^missing], ("Content-Encoding", coding));
        answer.Status.ShouldBe(500, answer.Text);
        SafeBody.Fault(answer.Body).ShouldBeNull();
        StoredRecords.End(Server).ShouldBe(before);
    }

    [Fact]
    public async Task EventOverManyLines_IsStoredAsOneLine()
    {
        const string Meta = "\"meta\":{\"stream\":\"test.event\",\"id\":\"l1\",\"dt\":\"2026-01-01T00:00:00Z\"},";
        var stored = await PostOneAsync(Encoding.UTF8.GetBytes(
            "{\r\n\"$schema\":\"/test/event/1.0.0\",\n" + Meta + "\n\"test\":\"a\\nb\"}"));
        stored.Payload.ShouldBe(
            "{  \"$schema\":\"/test/event/1.0.0\", " + Meta + " \"test\":\"a\\nb\"}");
    }

    [Fact]
    public async Task MissingMembers_ArePutBeforeTheClosingBraceOfMeta()
    {
        var stored = await PostOneAsync(Encoding.UTF8.GetBytes(IntakePost.Event), ("X-Request-Id", "r\"1"));
        using var @event = JsonDocument.Parse(stored.Payload);
        var meta = @event.RootElement.GetProperty("meta");
        stored.Payload.ShouldStartWith("""{"$schema":"/test/event/1.0.0","meta":{"stream":"test.event",""");
        stored.Payload.ShouldEndWith("""},"test":"hello"}""");
        stored.Payload[stored.MetaEnd].ShouldBe('}');
        meta.GetProperty("request_id").GetString().ShouldBe("r\"1");
        stored.Id.ShouldBe(meta.GetProperty("id").GetString());
        stored.Attributes["time"].ShouldBe(meta.GetProperty("dt").GetString());
        stored.Attributes["publisher"].ShouldBe("network");
    }

    [Fact]
    public async Task MissingMembers_HaveTheOrderOfTheSchema()
    {
        var stored = await PostOneAsync(Encoding.UTF8.GetBytes(IntakePost.Event), ("X-Request-Id", "r1"));
        using var @event = JsonDocument.Parse(stored.Payload);
        @event.RootElement.GetProperty("meta").EnumerateObject().Select(member => member.Name)
            .ShouldBe(["stream", "dt", "id", "request_id"]);
    }

    [Fact]
    public async Task Default_IsPutBeforeTheClosingBraceOfTheEvent()
    {
        const string Event =
            """{"$schema":"/test/event/1.0.0","meta":{"stream":"test.event","id":"d1","dt":"2026-01-01T00:00:00Z"} }""";
        var stored = await PostOneAsync(Encoding.UTF8.GetBytes(Event));
        stored.Payload.ShouldBe(Event.Insert(Event.Length - 1, ",\"test\":\"default value\""));
        stored.Payload[stored.MetaEnd].ShouldBe('}');
    }

    [Fact]
    public async Task SignedEvent_IsKeptAsItCame_AndItsHeaderHasWhatItLacks()
    {
        const string Job =
            """{"$schema":"/mediawiki/job/1.0.0","meta":{"uri":"https://placeholder.invalid/wiki/Special:Badtitle",""" +
            """ "domain":"w.example","stream":"mediawiki.job.null"},"database":"wdb",""" +
            """ "type":"null","params":{"a":1.0},"mediawiki_signature":"00"}""";
        var stored = await PostOneAsync(Encoding.UTF8.GetBytes(Job));
        stored.Payload.ShouldBe(Job);
        stored.Id.ShouldNotBeEmpty();
        stored.Attributes["wiki"].ShouldBe("wdb");
        stored.Channel.ShouldBe("event://w.example/mediawiki/job/null");
        Job[..(stored.MetaEnd + 1)].ShouldEndWith("\"mediawiki.job.null\"}");
    }

    [Fact]
    public async Task SameIdWithOtherContent_IsStored()
    {
        const string Event =
            """{"$schema":"/test/event/1.0.0","meta":{"stream":"test.event","id":"same"},"test":"a"}""";
        var before = StoredRecords.End(Server);
        var other = Event.Replace("\"a\"", "\"b\"", StringComparison.Ordinal);
        (await IntakePost.SendAsync(Server, $"[{Event},{other},{Event}]"))
            .Reason.ShouldBe("All 3 out of 3 events were accepted.");
        StoredRecords.Read(Server, before).Count.ShouldBe(2);
    }

    [Fact]
    public async Task ArrayWithGapsOfPhp_IsAListOfEvents()
    {
        var before = StoredRecords.End(Server);
        var answer = await IntakePost.SendAsync(
            Server, "[{\"1\":" + IntakePost.Event + ",\"3\":" + IntakePost.Event + "}]");
        answer.Reason.ShouldBe("All 2 out of 2 events were accepted.");
        StoredRecords.Read(Server, before).Count.ShouldBe(2);
    }

    [Fact]
    public async Task EventsOfOneRequest_AreEachJudgedByTheirOwnSchemaAndStream()
    {
        string[] events =
        [
            IntakePost.Event,
            """{"$schema":"/test/event/1.0.0","meta":{"stream":"mediawiki.page-move"},"test":"a"}""",
            """{"$schema":"/mediawiki/page/move/1.0.0","meta":{"stream":"test.event"},"test":"a"}""",
            """{"$schema":1,"meta":{"stream":"test.event"},"test":"a"}""",
            """{"meta":{"stream":"test.event"},"test":"a"}""",
            IntakePost.Event,
        ];
        var before = StoredRecords.End(Server);
        var answer = await IntakePost.SendAsync(Server, $"[{string.Join(',', events)}]");
        answer.Status.ShouldBe(207);
        answer.Text.ShouldContain("schema title must be mediawiki/page/move.");
        answer.Text.ShouldContain("schema title must be test/event.");
        answer.Text.ShouldContain("$schema must be a string.");
        answer.Text.ShouldContain("Field(s) $schema were missing");
        StoredRecords.Read(Server, before).Count.ShouldBe(2);
    }

    [Fact]
    public async Task MemberTwice_MakesAnEventInvalid_AndTheOthersAreStored()
    {
        var before = StoredRecords.End(Server);
        var answer = await IntakePost.SendAsync(
            Server,
            """[{"$schema":"/test/event/1.0.0","meta":{"stream":"test.event"},"x":{"a":1,"\u0061":2}},""" +
            IntakePost.Event + "]");
        answer.Status.ShouldBe(207);
        answer.Text.ShouldContain("duplicateName");
        StoredRecords.Read(Server, before).Count.ShouldBe(1);
    }

    [Fact]
    public async Task LongMemberTwice_IsNamedInTheMessageByItsBeginning()
    {
        var name = new string('x', 900);
        var answer = await IntakePost.SendAsync(
            Server, $"{IntakePost.Event[..^1]},\"{name}\":1,\"{name}\":2}}");
        answer.Status.ShouldBe(400);
        answer.Text.ShouldContain($"the member '{name[..200]}…' twice");
    }

    private async Task<StoredRecord> PostOneAsync(byte[] body, params (string Name, string Value)[] headers)
    {
        var before = StoredRecords.End(Server);
        var answer = await IntakePost.SendAsync(Server, body, headers);
        answer.Status.ShouldBe(201, answer.Text);
        return StoredRecords.Read(Server, before).ShouldHaveSingleItem();
    }

    private static byte[] Compress(string coding, string text)
    {
        using var output = new MemoryStream();
        using (Stream compressor = coding switch
        {
            "gzip" => new GZipStream(output, CompressionLevel.Fastest),
            "deflate" => new ZLibStream(output, CompressionLevel.Fastest),
            _ => new BrotliStream(output, CompressionLevel.Fastest),
        })
        {
            compressor.Write(Encoding.UTF8.GetBytes(text));
        }

        return output.ToArray();
    }
}
