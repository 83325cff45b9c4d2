using WikiBus.Events.MediaWiki.RecentChanges;

namespace WikiBus.Events.MediaWiki;

public sealed partial class MediaWikiEvents
{
    /// <summary>The wiki's recent changes got a line: <c>mediawiki.recentchange</c>.</summary>
    /// <param name="context">The cause, with the time of the change.</param>
    /// <param name="change">The line.</param>
    public MediaWikiEvent RecentChange(EventContext context, RecentChange change) =>
        new(
            RecentChangeWriter.Stream,
            EventKinds.Event,
            context.Id,
            new RecentChangeWriter(site, generation, context).Write(change));
}
