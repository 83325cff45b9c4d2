using WikiBus.Events.MediaWiki.Writing;
using WikiBus.Events.Php;

namespace WikiBus.Events.MediaWiki;

/// <summary>
/// Builds the events of MediaWiki's EventBus extension, byte for byte. The methods are pure: time, ids and the request
/// are inputs. All members are safe for concurrent use.
/// </summary>
/// <param name="site">The wiki.</param>
/// <param name="generation">Whose events to make.</param>
/// <param name="streamNames">
/// Other names for the streams of <c>page_change</c> and <c>user_change</c>, by their usual names
/// (<c>$wgEventBusStreamNamesMap</c>).
/// </param>
public sealed partial class MediaWikiEvents(
    WikiSite site,
    EventGeneration generation = EventGeneration.Current,
    IReadOnlyDictionary<string, string>? streamNames = null)
{
    /// <summary>Somebody purged a page: <c>resource_change</c> with the tag <c>purge</c>.</summary>
    public MediaWikiEvent PagePurge(EventContext context, WikiPage page) =>
        ResourceChange(context, WikiUrl.OfPage(site, page.Key), "resource_change", EventKinds.Event, "purge");

    /// <summary>Somebody saved a page without a change: <c>resource_change</c> with the tag <c>null_edit</c>.</summary>
    public MediaWikiEvent NullEdit(EventContext context, WikiPage page) =>
        ResourceChange(context, WikiUrl.OfPage(site, page.Key), "resource_change", EventKinds.Event, "null_edit");

    /// <summary>Caches have to drop a URL: <c>resource-purge</c>.</summary>
    /// <param name="context">The cause.</param>
    /// <param name="url">The URL, as caches know it.</param>
    /// <param name="stream">The stream of purges, as <c>$wgEventRelayerConfig</c> names it.</param>
    public MediaWikiEvent UrlPurge(EventContext context, string url, string stream = "resource-purge") =>
        ResourceChange(context, Require.Text(url), stream, EventKinds.Purge, "mediawiki");

    private MediaWikiEvent ResourceChange(
        EventContext context, string uri, string stream, EventKinds kind, string tag)
    {
        var json = new PhpJsonBuilder();
        new EventHead("/resource_change/1.0.0", stream, uri).Begin(json, site, generation, context);
        json.WriteList("tags", [tag]);
        json.EndObject();
        return new MediaWikiEvent(stream, kind, context.Id, json.Written);
    }
}
