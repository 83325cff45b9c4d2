using WikiBus.Events.MediaWiki.Writing;
using WikiBus.Events.Php;

namespace WikiBus.Events.MediaWiki;

/// <content>The events about pages.</content>
public sealed partial class MediaWikiEvents
{
    /// <summary>A page was deleted: <c>mediawiki.page-delete</c>.</summary>
    /// <param name="context">The cause.</param>
    /// <param name="page">The page as it was.</param>
    /// <param name="revisionId">Its newest revision, at least 1.</param>
    /// <param name="performer">Who deleted it.</param>
    /// <param name="revisionCount">The number of revisions that went to the archive; null leaves it out.</param>
    /// <param name="reason">Why; null or empty leaves it out.</param>
    /// <exception cref="ArgumentException">The revision's id or the count is out of range.</exception>
    public MediaWikiEvent PageDelete(
        EventContext context,
        WikiPage page,
        long revisionId,
        WikiUser performer,
        long? revisionCount = null,
        WikiComment? reason = null) =>
        PageGone(context, "mediawiki.page-delete", page, revisionId, performer, revisionCount, reason);

    /// <summary>
    /// A page was deleted, and hidden from administrators: <c>mediawiki.page-suppress</c>. EventBus REL1_39 names the
    /// performer, EventBus main does not.
    /// </summary>
    /// <inheritdoc cref="PageDelete" path="/param | /exception"/>
    public MediaWikiEvent PageSuppress(
        EventContext context,
        WikiPage page,
        long revisionId,
        WikiUser performer,
        long? revisionCount = null,
        WikiComment? reason = null)
    {
        var named = generation == EventGeneration.Rel139 ? performer : null;
        return PageGone(context, "mediawiki.page-suppress", page, revisionId, named, revisionCount, reason);
    }

    /// <summary>Revisions of a deleted page were restored: <c>mediawiki.page-undelete</c>.</summary>
    /// <param name="context">The cause.</param>
    /// <param name="page">The page as it is now.</param>
    /// <param name="revisionId">
    /// The restored revision, at least 1. EventBus REL1_39 has the newest revision of the page.
    /// </param>
    /// <param name="performer">Who restored it.</param>
    /// <param name="reason">Why; null or empty leaves it out.</param>
    /// <param name="formerPageId">
    /// The id of the deleted page. If it differs, the event has it in <c>prior_state</c>. Null or 0 if not known.
    /// </param>
    /// <exception cref="ArgumentException">An id is out of range.</exception>
    public MediaWikiEvent PageUndelete(
        EventContext context,
        WikiPage page,
        long revisionId,
        WikiUser performer,
        WikiComment? reason = null,
        long? formerPageId = null)
    {
        Require.Id(revisionId);
        Require.NotNegative(formerPageId);
        return StateChange(context, "/mediawiki/page/undelete/1.0.0", "mediawiki.page-undelete", page.Key, json =>
        {
            PerformerWriter.Write(json, performer);
            PageWriter.Write(json, page);
            json.Write("rev_id", revisionId);
            if (formerPageId is { } former and > 0 && former != page.Id)
            {
                json.BeginObject("prior_state");
                json.Write("page_id", former);
                json.EndObject();
            }

            PerformerWriter.WriteComment(json, reason);
        });
    }

    /// <summary>A page got another title: <c>mediawiki.page-move</c>.</summary>
    /// <param name="context">The cause.</param>
    /// <param name="move">The page before and after.</param>
    /// <param name="performer">Who moved it.</param>
    /// <param name="reason">Why; null or empty leaves it out.</param>
    /// <exception cref="ArgumentException">The title is the same, or it is another page.</exception>
    public MediaWikiEvent PageMove(
        EventContext context, PageMove move, WikiUser performer, WikiComment? reason = null)
    {
        var (before, after) = (move.Before, move.After);
        if (before.Id != after.Id || before.Key.Equals(after.Key, StringComparison.Ordinal))
        {
            throw new ArgumentException("A move leads the same page to another title.", nameof(move));
        }

        return StateChange(context, "/mediawiki/page/move/1.0.0", "mediawiki.page-move", after.Key, json =>
        {
            PerformerWriter.Write(json, performer);
            PageWriter.Write(json, after);
            json.Write("rev_id", move.RevisionId);
            json.BeginObject("prior_state");
            json.Write("page_title", before.Key);
            json.Write("page_namespace", before.Namespace);
            json.Write("rev_id", move.ParentId);
            json.EndObject();
            if (generation == EventGeneration.Current && move.Redirect is { } redirect)
            {
                json.BeginObject("new_redirect_page");
                json.Write("page_id", redirect.PageId);
                json.Write("page_title", before.Key);
                json.Write("page_namespace", before.Namespace);
                json.Write("rev_id", redirect.RevisionId);
                json.EndObject();
            }

            PerformerWriter.WriteComment(json, reason);
        });
    }

    /// <summary>Properties of a page changed: <c>mediawiki.page-properties-change</c>.</summary>
    /// <param name="context">The cause.</param>
    /// <param name="page">The page.</param>
    /// <param name="revisionId">
    /// The revision that caused the change, or else the newest; 0 if the page is deleted.
    /// </param>
    /// <param name="added">The properties that are new or have another value.</param>
    /// <param name="removed">The properties that are gone or had another value, with their former values.</param>
    /// <param name="performer">Who caused the change; null if nobody did.</param>
    /// <exception cref="ArgumentException">
    /// No property changed, a name is in one list twice, or the names of one list are 0, 1, … in order: EventBus would
    /// send a list, which the schema refuses. Or the revision's id is out of range.
    /// </exception>
    public MediaWikiEvent PagePropertiesChange(
        EventContext context,
        WikiPage page,
        long revisionId,
        IReadOnlyList<PageProperty> added,
        IReadOnlyList<PageProperty> removed,
        WikiUser? performer = null)
    {
        Require.MemberNames([.. added.Select(static property => property.Name)], nameof(added));
        Require.MemberNames([.. removed.Select(static property => property.Name)], nameof(removed));
        if (added.Count + removed.Count == 0)
        {
            throw new ArgumentException("No property is added or removed.", nameof(added));
        }

        return ContentsChange(context, "properties-change", page, revisionId, performer, json =>
        {
            PageWriter.WriteProperties(json, "added_properties", added);
            PageWriter.WriteProperties(json, "removed_properties", removed);
        });
    }

    /// <summary>
    /// Links of a page changed: <c>mediawiki.page-links-change</c>. The event has links to pages before links to URLs.
    /// </summary>
    /// <param name="context">The cause.</param>
    /// <param name="page">The page with the links.</param>
    /// <param name="revisionId">
    /// The revision that caused the change, or else the newest; 0 if the page is deleted.
    /// </param>
    /// <param name="added">The links that are new.</param>
    /// <param name="removed">The links that are gone.</param>
    /// <param name="performer">Who caused the change; null if nobody did.</param>
    /// <exception cref="ArgumentException">No link changed, or the revision's id is out of range.</exception>
    public MediaWikiEvent PageLinksChange(
        EventContext context,
        WikiPage page,
        long revisionId,
        IReadOnlyList<PageLink> added,
        IReadOnlyList<PageLink> removed,
        WikiUser? performer = null)
    {
        if (added.Count + removed.Count == 0)
        {
            throw new ArgumentException("No link is added or removed.", nameof(added));
        }

        return ContentsChange(context, "links-change", page, revisionId, performer, json =>
        {
            PageWriter.WriteLinks(json, site, "added_links", added);
            PageWriter.WriteLinks(json, site, "removed_links", removed);
        });
    }

    /// <summary>The protection of a page changed: <c>mediawiki.page-restrictions-change</c>.</summary>
    /// <param name="context">The cause.</param>
    /// <param name="page">The page.</param>
    /// <param name="restrictions">
    /// The protection now. If the list is empty, the event has no <c>page_restrictions</c>: EventBus would send an
    /// empty list, which the schema refuses.
    /// </param>
    /// <param name="performer">Who changed it.</param>
    /// <param name="reason">Why; may be empty.</param>
    /// <param name="revisionId">The revision that the change added, at least 1; null if there is none.</param>
    /// <exception cref="ArgumentException">
    /// An action is there twice, the actions are 0, 1, … in order, the reason has a lone surrogate, or the revision's
    /// id is out of range or missing for an event of REL1_39, whose schema requires it.
    /// </exception>
    public MediaWikiEvent PageRestrictionsChange(
        EventContext context,
        WikiPage page,
        IReadOnlyList<PageRestriction> restrictions,
        WikiUser performer,
        string reason = "",
        long? revisionId = null)
    {
        Require.MemberNames([.. restrictions.Select(static restriction => restriction.Action)], nameof(restrictions));
        Require.Unicode(reason);
        var isCurrent = generation == EventGeneration.Current;
        if (revisionId is not null || !isCurrent)
        {
            Require.Id(revisionId ?? 0, nameof(revisionId));
        }

        var schema = "/mediawiki/page/restrictions-change/" + (isCurrent ? "2.0.0" : "1.0.0");
        return StateChange(context, schema, "mediawiki.page-restrictions-change", page.Key, json =>
        {
            PerformerWriter.Write(json, performer);
            PageWriter.Write(json, page);
            json.Write("reason", reason);
            PageWriter.WriteRestrictions(json, restrictions);
            if (revisionId is { } revision)
            {
                json.Write("rev_id", revision);
            }
        });
    }

    private MediaWikiEvent PageGone(
        EventContext context,
        string stream,
        WikiPage page,
        long revisionId,
        WikiUser? performer,
        long? revisionCount,
        WikiComment? reason)
    {
        Require.Id(revisionId);
        Require.NotNegative(revisionCount);
        var isCurrent = generation == EventGeneration.Current;
        return StateChange(context, "/mediawiki/page/delete/1.0.0", stream, page.Key, json =>
        {
            PerformerWriter.Write(json, isCurrent ? null : performer);
            PageWriter.Write(json, page);
            PerformerWriter.Write(json, isCurrent ? performer : null);
            json.Write("rev_id", revisionId);
            if (revisionCount is { } count)
            {
                json.Write("rev_count", count);
            }

            PerformerWriter.WriteComment(json, reason);
        });
    }

    private MediaWikiEvent ContentsChange(
        EventContext context,
        string change,
        WikiPage page,
        long revisionId,
        WikiUser? performer,
        Action<PhpJsonBuilder> writeChange)
    {
        Require.NotNegative(revisionId);
        var stream = "mediawiki.page-" + change;
        return StateChange(context, $"/mediawiki/page/{change}/1.0.0", stream, page.Key, json =>
        {
            PageWriter.Write(json, page);
            json.Write("rev_id", revisionId);
            PerformerWriter.Write(json, performer);
            writeChange(json);
        });
    }

    // Builds an event about a page, by its title with underscores. All state events name the wiki first.
    private MediaWikiEvent StateChange(
        EventContext context, string schema, string stream, string title, Action<PhpJsonBuilder> writeMembers)
    {
        var json = new PhpJsonBuilder();
        new EventHead(schema, stream, WikiUrl.OfPage(site, title)).Begin(json, site, generation, context);
        json.Write("database", site.Database);
        writeMembers(json);
        json.EndObject();
        return new MediaWikiEvent(stream, EventKinds.Event, context.Id, json.Written);
    }
}
