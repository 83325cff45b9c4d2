using WikiBus.Events.MediaWiki.Writing;
using WikiBus.Events.Php;

namespace WikiBus.Events.MediaWiki.Changes;

/// <summary>Writes the events of <c>mediawiki.page_change.v1</c> (EventBus: PageChangeEventSerializer).</summary>
internal sealed class PageChangeWriter(WikiSite site, string stream)
{
    public const string Stream = "mediawiki.page_change.v1";

    private readonly PhpJsonBuilder _json = new();

    private EntityWriter Entities => field ??= new EntityWriter(_json, site);

    public ReadOnlyMemory<byte> Write(EventContext context, PageChange change)
    {
        var page = change.Revision.Page;
        _json.BeginObject();
        _json.Write("changelog_kind", change.ChangelogKind);
        _json.Write("page_change_kind", change.Kind);
        _json.Write("dt", change.Time);
        _json.Write("wiki_id", site.Database);
        WritePage(page, change);
        Entities.WriteUser("performer", change.Performer);
        _json.WriteIfKnown("comment", change.Comment);
        WriteRevision(change);
        if (change.CreatedRedirect is { } redirect)
        {
            Entities.BeginPage("created_redirect_page", redirect);
            _json.EndObject();
        }

        if (change.PriorState is { } writePriorState)
        {
            _json.BeginObject("prior_state");
            writePriorState(Entities);
            _json.EndObject();
        }

        new ChangeMeta("/mediawiki/page/change/1.11.0", stream, WikiUrl.OfPage(site, page.Key))
            .End(_json, site, context.Id, context.RequestId);
        return _json.Written;
    }

    private void WritePage(WikiPage page, PageChange change)
    {
        Entities.BeginPage("page", page);
        _json.WriteIfKnown("wikibase_item_id", page.WikibaseItemId);
        if (change.Redirect != RedirectDetail.None && page is { IsRedirect: true, RedirectTarget: { } target })
        {
            Entities.WriteRedirectTarget(target, withPage: change.Redirect == RedirectDetail.WithPage);
        }

        _json.WriteIfKnown("revision_count", change.RevisionCount);
        _json.EndObject();
    }

    private void WriteRevision(PageChange change)
    {
        if (change.IsSuppressed)
        {
            Entities.WriteSuppressedRevision(change.Revision);
            return;
        }

        Entities.BeginRevision(change.Revision);
        if (change.Revert is { } revert)
        {
            WriteRevert(revert);
        }

        _json.EndObject();
    }

    private void WriteRevert(WikiRevert revert)
    {
        _json.BeginObject("revert");
        _json.WriteIfKnown("method", revert.Method switch
        {
            RevertMethod.Rollback => "rollback",
            RevertMethod.Undo => "undo",
            RevertMethod.Manual => "manual",
            _ => null,
        });
        _json.Write("is_exact", revert.IsExact);
        _json.WriteIfKnown("rev_original_id", revert.OriginalRevisionId);
        _json.WriteIfKnown("rev_original_dt", revert.OriginalRevisionId is null ? null : revert.OriginalTime);
        _json.WriteIfKnown("rev_reverted_oldest_id", revert.OldestRevertedId);
        _json.WriteIfKnown("rev_reverted_newest_id", revert.NewestRevertedId);
        _json.EndObject();
    }
}
