using System.Text;
using WikiBus.Server.Streams;

namespace WikiBus.Server.Tests.Streams;

public sealed class StreamConfigReaderTests
{
    [Theory]
    [InlineData("""{"streams":{"a.b":{"schema_title":"t"}}}""")]
    [InlineData("""{"a.b":{"schema_title":"t"}}""")]
    [InlineData("""{"streams":[{"stream":"a.b","schema_title":"t"}]}""")]
    [InlineData("""[{"stream":"a.b","schema_title":"t"}]""")]
    [InlineData("streams:\n  a.b:\n    schema_title: t\n")]
    [InlineData("a.b: {schema_title: t}\n")]
    [InlineData("- stream: a.b\n  schema_title: t\n")]
    public void Streams_AreRead_InEachForm(string text)
    {
        var config = Read(text);
        config.Names.ShouldBe(["a.b"]);
        config.Find("a.b")!.SchemaTitle.ShouldBe("t");
        config.Find("a.c").ShouldBeNull();
    }

    [Fact]
    public void AnswerOfAWiki_IsReadWhole()
    {
        var config = Read("""
            {"streams": {"mediawiki.page-create": {
                "canary_events_enabled": true,
                "destination_event_service": "eventgate-main",
                "schema_title": "mediawiki/revision/create",
                "stream": "mediawiki.page-create",
                "topic_prefixes": ["eqiad.", "codfw."],
                "topics": ["eqiad.mediawiki.page-create", "codfw.mediawiki.page-create"],
                "producers": {"mediawiki_eventbus": {"enabled": true}},
                "stream_aliases": ["page-create"],
                "description": "A page was created."}}}
            """);
        var setting = config.Find("mediawiki.page-create")!;
        setting.SchemaTitle.ShouldBe("mediawiki/revision/create");
        setting.Topics.ShouldBe(["eqiad.mediawiki.page-create", "codfw.mediawiki.page-create"]);
        config.Aliases["page-create"].ShouldBe("mediawiki.page-create");
        config.ToJson(["mediawiki.page-create"])["mediawiki.page-create"]!["producers"].ShouldNotBeNull();
    }

    [Fact]
    public void Patterns_AreTried_InTheirOrder_AfterNames()
    {
        var config = Read("""
            {"/^a\\./": {"schema_title": "first"}, "/a/": {"schema_title": "second"},
             "a.exact": {"schema_title": "name"},
             "/^MIXED$/i": {"schema_title": "third"}}
            """);
        config.Find("a.exact")!.SchemaTitle.ShouldBe("name");
        config.Find("a.b")!.SchemaTitle.ShouldBe("first");
        config.Find("b.a")!.SchemaTitle.ShouldBe("second");
        config.Find("mixed")!.SchemaTitle.ShouldBe("third");
        config.Find("b.b").ShouldBeNull();
        config.Find("b.b").ShouldBeNull();
        config.Names.ShouldBe(["a.exact"]);
    }

    [Fact]
    public void SettingsOfAPattern_NameTheRequestedStream()
    {
        var config = Read("""{"/^job\\./": {"stream": "/^job\\./", "schema_title": "t"}}""");
        config.ToJson(["job.a", "none"]).ToJsonString()
            .ShouldBe("""{"job.a":{"stream":"job.a","schema_title":"t"}}""");
        config.ToJson(null).Select(static entry => entry.Key).ShouldBe(["/^job\\./"]);
    }

    [Theory]
    [InlineData("""{"streams":{"a":[]}}""")]
    [InlineData("""{"streams":{"a":null}}""")]
    [InlineData("""{"streams":{"a":{}}}""")]
    public void Stream_WithoutSettings_IsKnownButEmpty(string text) => Read(text).Find("a")!.IsEmpty.ShouldBeTrue();

    [Fact]
    public void Alias_ThatIsAStreamItself_IsNone()
    {
        var config = Read("""{"a":{"stream_aliases":["b","c"]},"b":{},"d":{"stream_aliases":["c"]}}""");
        config.Aliases.ShouldBe([KeyValuePair.Create("c", "a")]);
    }

    [Theory]
    [InlineData("", "object of streams")]
    [InlineData("{", "no JSON")]
    [InlineData("\"text\"", "object of streams")]
    [InlineData("[{}]", "no member 'stream'")]
    [InlineData("""{"a":1}""", "no object")]
    [InlineData("""{"a b":{}}""", "cannot be the name")]
    [InlineData("""{"..":{}}""", "cannot be the name")]
    [InlineData("""[{"stream":"a"},{"stream":"a"}]""", "twice")]
    [InlineData("""{"a":{},"a":{}}""", "no JSON")]
    [InlineData("""{"/(/":{}}""", "cannot be used")]
    [InlineData("""{"/(?=a)/":{}}""", "cannot be used")]
    [InlineData("""{"/a":{}}""", "no pattern")]
    [InlineData("""{"/a/x":{}}""", "no pattern")]
    [InlineData("""{"error":{"code":"x","info":"The wiki is down"}}""", "The wiki is down")]
    [InlineData("a:\n\tb", "neither JSON nor YAML")]
    [InlineData("""{"a":{},"b":{},"c":{},"d":{},"e":{}}""", "5 streams")]
    public void Text_ThatIsNoConfiguration_IsRefused(string text, string reason) =>
        Should.Throw<InvalidDataException>(() => Read(text)).Message.ShouldContain(reason);

    private static StreamConfig Read(string text) =>
        StreamConfigReader.Read(Encoding.UTF8.GetBytes(text), streamCountMax: 4);
}
