using System.Globalization;
using WikiBus.Events.Deki.Dream;

namespace WikiBus.Events.Deki;

/// <summary>An event that is being built: its channel, and its document up to the end tag.</summary>
internal sealed class EventDraft
{
    private const string Root = "deki-event";

    public EventDraft(DekiWiki wiki, string path)
    {
        Channel = $"event://{wiki.Id}/deki/{path}";
        var time = wiki.Time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);
        Xml = new XmlBuilder().Start(Root, ("wikiid", wiki.Id), ("event-time", time));
    }

    public string Channel { get; }

    public XmlBuilder Xml { get; }

    /// <summary>Begins an event whose document begins with its channel, as most do.</summary>
    public static EventDraft WithChannel(DekiWiki wiki, string path)
    {
        var draft = new EventDraft(wiki, path);
        draft.Xml.Element("channel", draft.Channel);
        return draft;
    }

    public DekiEvent Complete(string? resource, params string[] origins) =>
        new(Channel, resource, origins, Xml.End(Root).ToString());
}
