using System.Text;
using WikiBus.Events.MediaWiki;

namespace WikiBus.Producer.Tests.Outbox;

/// <summary>Events that no builder makes.</summary>
internal static class TestEvents
{
    /// <summary>A small event, with members of its own.</summary>
    public static MediaWikiEvent Event(
        string stream = "s", string members = "", EventKinds kind = EventKinds.Event, Guid? id = null)
    {
        var key = id ?? Guid.CreateVersion7();
        return Raw($$"""{"meta":{"stream":"{{stream}}","id":"{{key}}"}{{members}}}""", stream, kind, key);
    }

    /// <summary>An event of a size, which cannot be compressed.</summary>
    public static MediaWikiEvent OfSize(int bytes)
    {
        var smallest = Event(members: ",\"a\":\"\"");
        var text = string.Concat(Enumerable.Range(0, (bytes / 32) + 1).Select(_ => $"{Guid.NewGuid():n}"));
        return Event(members: $",\"a\":\"{text[..(bytes - smallest.Json.Length)]}\"");
    }

    public static MediaWikiEvent Raw(
        string json, string stream = "s", EventKinds kind = EventKinds.Event, Guid? id = null) =>
        new(stream, kind, id ?? Guid.CreateVersion7(), Encoding.UTF8.GetBytes(json));
}
