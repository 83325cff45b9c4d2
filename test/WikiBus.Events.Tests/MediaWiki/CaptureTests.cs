using System.Text;
using System.Text.Json;
using WikiBus.Events.MediaWiki;

namespace WikiBus.Events.Tests.MediaWiki;

/// <summary>Every event that a real MediaWiki 1.39 posted is built again from its inputs, byte for byte.</summary>
public sealed class CaptureTests
{
    private static readonly MediaWikiEvents s_events = new(CapturedEvent.Site, EventGeneration.Rel139);

    [Theory]
    [InlineData("resource-purge", 838)]
    [InlineData("resource_change", 5)]
    [InlineData("mediawiki.page-create", 59)]
    [InlineData("mediawiki.page-delete", 3)]
    [InlineData("mediawiki.page-suppress", 1)]
    [InlineData("mediawiki.page-undelete", 4)]
    [InlineData("mediawiki.page-move", 9)]
    [InlineData("mediawiki.page-properties-change", 14)]
    [InlineData("mediawiki.page-links-change", 47)]
    [InlineData("mediawiki.page-restrictions-change", 3)]
    [InlineData("mediawiki.revision-create", 124)]
    [InlineData("mediawiki.revision-tags-change", 23)]
    [InlineData("mediawiki.revision-visibility-change", 5)]
    [InlineData("mediawiki.user-blocks-change", 7)]
    public void RecordedEvents_AreBuiltAgain(string stream, int count)
    {
        var seen = 0;
        foreach (var (posted, bytes) in Recordings.Events().Where(
            entry => entry.Event.GetProperty("meta").GetProperty("stream").ValueEquals(stream)))
        {
            seen++;
            var built = Build(stream, CapturedEvent.ContextOf(posted), posted);
            Encoding.UTF8.GetString(built.Json.Span).ShouldBe(Encoding.UTF8.GetString(bytes));
            built.Stream.ShouldBe(stream);
            built.Id.ShouldBe(posted.GetProperty("meta").GetProperty("id").GetGuid());
        }

        seen.ShouldBe(count);
    }

    private static MediaWikiEvent Build(string stream, EventContext context, JsonElement posted) =>
        stream switch
        {
            "resource-purge" => s_events.UrlPurge(context, CapturedEvent.Uri(posted)),
            "resource_change" when posted.GetProperty("tags")[0].ValueEquals("purge") =>
                s_events.PagePurge(context, CapturedEvent.PageOfUri(posted)),
            "resource_change" => s_events.NullEdit(context, CapturedEvent.PageOfUri(posted)),
            _ => CapturedState.Build(s_events, stream, context, posted),
        };
}
