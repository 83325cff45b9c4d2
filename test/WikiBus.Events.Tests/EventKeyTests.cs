using System.Buffers;
using System.Text;
using System.Text.Json;

namespace WikiBus.Events.Tests;

public sealed class EventKeyTests
{
    [Theory]
    [InlineData("""{"database":"wdb","page_id":7,"meta":{"stream":"mediawiki.page-move"}}""", "wdb:7")]
    [InlineData("""{"wiki_id":"wdb","page":{"page_id":7},"meta":{"stream":"mediawiki.page_change.v1"}}""", "wdb:7")]
    [InlineData("""{"page_id":7,"meta":{"stream":"own.page","domain":"w.example"}}""", "w.example:own.page")]
    [InlineData("""{"wiki":"wdb","title":"Ü:1","user":"A","meta":{"stream":"mediawiki.recentchange"}}""", "wdb:Ü:1")]
    [InlineData("""{"wiki":"wdb","meta":{"stream":"mediawiki.recentchange"}}""", "wdb:mediawiki.recentchange")]
    [InlineData("""{"database":"wdb","user_text":"A b","meta":{"stream":"mediawiki.user-blocks-change"}}""", "wdb:A b")]
    [InlineData("""{"wiki_id":"wdb","user":{"user_text":"A b"},"meta":{"stream":"mediawiki.user_change.v1"}}""",
        "wdb:A b")]
    [InlineData("""{"database":"wdb","params":{"pageId":2},"meta":{"stream":"mediawiki.job.refreshLinks"}}""", "")]
    [InlineData("""{"meta":{"stream":"test.event","domain":"w.example"}}""", "w.example:test.event")]
    [InlineData("""{"meta":{"stream":"test.event"}}""", ":test.event")]
    public void Key_IsDecided_ByStreamAndFields(string json, string key) => KeyOf(json).ShouldBe(key);

    [Theory]
    [InlineData("https://W.example/wiki/A?x=1&y", "w.example/wiki/A?x=1&y")]
    [InlineData("http://w.example:80/wiki/A#top", "w.example/wiki/A")]
    [InlineData("https://w.example:443/wiki/A", "w.example/wiki/A")]
    [InlineData("http://w.example:443/wiki/A", "w.example:443/wiki/A")]
    [InlineData("http://w.example:8080", "w.example:8080/")]
    [InlineData("http://w.example?x", "w.example/?x")]
    [InlineData("//w.example/A%2fb", "w.example/A%2fb")]
    [InlineData("http://u:p@[::1]:81/A", "[::1]:81/A")]
    [InlineData("http://Wíki.example/A", "Wíki.example/A")]
    [InlineData("/wiki/A", "d.example:resource-purge")]
    [InlineData("http:///wiki/A", "d.example:resource-purge")]
    public void KeyOfAPurge_IsItsUrl_WithoutScheme(string url, string key) =>
        KeyOf($$$"""{"meta":{"uri":"{{{url}}}","stream":"resource-purge","domain":"d.example"}}""").ShouldBe(key);

    [Fact]
    public void KeyOfAPurge_IsItsUrl_WhateverItsStreamIsCalled() =>
        KeyOf("""{"$schema":"/resource_change/1.0.0","meta":{"uri":"http://w.example/A","stream":"own.purges"}}""")
            .ShouldBe("w.example/A");

    [Fact]
    public void Key_ThatIsTooLong_IsReplacedByItsHash()
    {
        var url = "http://w.example/".PadRight(EventHeader.KeyBytesMax + 8, 'a');
        var key = KeyOf($$$"""{"meta":{"uri":"{{{url}}}","stream":"resource-purge"}}""");
        key.ShouldStartWith("sha256:");
        key.Length.ShouldBe("sha256:".Length + 64);
        key.ShouldNotBe(KeyOf($$$"""{"meta":{"uri":"{{{url}}}b","stream":"resource-purge"}}"""));
    }

    [Fact]
    public void RecordedEvents_AllHaveAKey_ButJobs()
    {
        foreach (var (posted, _) in Recordings.Events())
        {
            var isJob = BuiltInStreams.IsJob(posted.GetProperty("meta").GetProperty("stream").GetString()!);
            var key = KeyOf(posted);
            key.Length.ShouldBe(isJob ? 0 : key.Length);
            (key.Length == 0 || key.Contains("test", StringComparison.Ordinal)).ShouldBeTrue(key);
        }
    }

    private static string KeyOf(string json)
    {
        using var document = JsonDocument.Parse(json);
        return KeyOf(document.RootElement);
    }

    private static string KeyOf(JsonElement posted)
    {
        var fields = new EventFields
        {
            Stream = Read(posted, "meta", "stream"),
            Schema = Read(posted, "$schema"),
            Domain = Read(posted, "meta", "domain"),
            Uri = Read(posted, "meta", "uri"),
            Database = Read(posted, "database"),
            WikiId = Read(posted, "wiki_id"),
            Wiki = Read(posted, "wiki"),
            PageId = Read(posted, "page_id") is { Length: > 0 } pageId ? pageId : Read(posted, "page", "page_id"),
            Title = Read(posted, "title"),
            UserText = Read(posted, "user_text") is { Length: > 0 } user ? user : Read(posted, "user", "user_text"),
        };
        var output = new ArrayBufferWriter<byte>();
        EventHeader.WriteKey(fields, output).ShouldBe(output.WrittenCount);
        return Encoding.UTF8.GetString(output.WrittenSpan);
    }

    private static byte[] Read(JsonElement value, params string[] path)
    {
        foreach (var name in path)
        {
            if (value.ValueKind != JsonValueKind.Object || !value.TryGetProperty(name, out value))
            {
                return [];
            }
        }

        return value.ValueKind is JsonValueKind.String or JsonValueKind.Number
            ? Encoding.UTF8.GetBytes(value.ToString())
            : [];
    }
}
