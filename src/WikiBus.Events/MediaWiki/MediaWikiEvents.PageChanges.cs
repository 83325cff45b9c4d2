using WikiBus.Events.MediaWiki.Changes;

namespace WikiBus.Events.MediaWiki;

// The stream mediawiki.page_change.v1, which REL1_39 does not have. A move that leaves a redirect is two events: one of
// the page that moved, and one of the page that was created.
public sealed partial class MediaWikiEvents
{
    /// <summary>A page was created: <c>mediawiki.page_change.v1</c> with the kind <c>create</c>.</summary>
    /// <param name="context">The cause.</param>
    /// <param name="revision">The page's first revision; the time of the event is that of the revision.</param>
    /// <param name="performer">Who created it; null if that is not known.</param>
    /// <exception cref="InvalidOperationException">The events are those of REL1_39.</exception>
    public MediaWikiEvent PageChangeCreate(EventContext context, WikiRevision revision, WikiUser? performer) =>
        PageChange(context, new PageChange("insert", "create", revision.Time, revision, performer));

    /// <summary>A page was edited: <c>mediawiki.page_change.v1</c> with the kind <c>edit</c>.</summary>
    /// <param name="context">The cause.</param>
    /// <param name="revision">The revision that the edit made; the time of the event is that of the revision.</param>
    /// <param name="performer">Who edited it; null if that is not known.</param>
    /// <param name="parent">The revision before; null if it is not known.</param>
    /// <param name="revert">What the edit takes back; null if it takes nothing back.</param>
    /// <exception cref="InvalidOperationException">The events are those of REL1_39.</exception>
    public MediaWikiEvent PageChangeEdit(
        EventContext context,
        WikiRevision revision,
        WikiUser? performer,
        WikiRevision? parent,
        WikiRevert? revert = null) =>
        PageChange(context, new PageChange("update", "edit", revision.Time, revision, performer)
        {
            Revert = revert,
            PriorState = parent is null ? null : entities => entities.WriteRevision(parent),
        });

    /// <summary>A page got another title: <c>mediawiki.page_change.v1</c> with the kind <c>move</c>.</summary>
    /// <param name="context">The cause.</param>
    /// <param name="revision">The revision that the move made; the time of the event is that of the revision.</param>
    /// <param name="performer">Who moved it; null if that is not known.</param>
    /// <param name="reason">The reason that the user gave; may be empty.</param>
    /// <param name="parent">The revision before, with the page as it was.</param>
    /// <param name="createdRedirect">The redirect that the move left at the former title; null if it left none.</param>
    /// <exception cref="InvalidOperationException">The events are those of REL1_39.</exception>
    public MediaWikiEvent PageChangeMove(
        EventContext context,
        WikiRevision revision,
        WikiUser? performer,
        string reason,
        WikiRevision parent,
        WikiPage? createdRedirect = null) =>
        PageChange(context, new PageChange("update", "move", revision.Time, revision, performer)
        {
            Comment = Require.Unicode(reason),
            CreatedRedirect = createdRedirect,
            PriorState = entities =>
            {
                entities.WritePageBefore(parent.Page, revision.Page);
                entities.WriteRevision(parent);
            },
        });

    /// <summary>A page was deleted: <c>mediawiki.page_change.v1</c> with the kind <c>delete</c>.</summary>
    /// <param name="context">The cause, with the time of the deletion.</param>
    /// <param name="revision">The page's last revision.</param>
    /// <param name="performer">Who deleted it; null if that is not known.</param>
    /// <param name="reason">The reason that the user gave; may be empty.</param>
    /// <param name="revisionCount">How many revisions were archived; null if that is not known.</param>
    /// <param name="isSuppressed">
    /// Whether the page is hidden from administrators, too. Then the event says neither who deleted it, nor what was in
    /// it.
    /// </param>
    /// <exception cref="InvalidOperationException">The events are those of REL1_39.</exception>
    public MediaWikiEvent PageChangeDelete(
        EventContext context,
        WikiRevision revision,
        WikiUser? performer,
        string reason,
        long? revisionCount,
        bool isSuppressed = false) =>
        PageChange(context, new PageChange(
            "delete", "delete", context.Time, revision, isSuppressed ? null : performer)
        {
            Comment = Require.Unicode(reason),
            Redirect = RedirectDetail.Title,
            RevisionCount = Require.NotNegative(revisionCount),
            IsSuppressed = isSuppressed,
            PriorState = isSuppressed
                ? entities => entities.WriteVisibilityBefore(revision.Hidden, EntityWriter.AllParts)
                : null,
        });

    /// <summary>A deleted page came back: <c>mediawiki.page_change.v1</c> with the kind <c>undelete</c>.</summary>
    /// <param name="context">The cause, with the time of the restoration.</param>
    /// <param name="revision">The page's newest revision.</param>
    /// <param name="performer">Who restored it; null if that is not known.</param>
    /// <param name="reason">The reason that the user gave; may be empty.</param>
    /// <param name="archivedPageId">The page's id before it was deleted; null if it is not known.</param>
    /// <exception cref="InvalidOperationException">The events are those of REL1_39.</exception>
    public MediaWikiEvent PageChangeUndelete(
        EventContext context, WikiRevision revision, WikiUser? performer, string reason, long? archivedPageId = null)
    {
        var isOtherId = archivedPageId is { } id && Require.Id(id, nameof(archivedPageId)) != revision.Page.Id;
        return PageChange(context, new PageChange("insert", "undelete", context.Time, revision, performer)
        {
            Comment = Require.Unicode(reason),
            PriorState = isOtherId ? entities => entities.WritePageIdBefore(archivedPageId!.Value) : null,
        });
    }

    /// <summary>
    /// Parts of a page's newest revision were hidden or shown: <c>mediawiki.page_change.v1</c> with the kind
    /// <c>visibility_change</c>. Older revisions have no such event.
    /// </summary>
    /// <param name="context">The cause, with the time of the change.</param>
    /// <param name="revision">The revision, with the parts that are hidden now.</param>
    /// <param name="performer">
    /// Who did it; null if that is not known. The event leaves it out if parts are or were hidden from administrators,
    /// too.
    /// </param>
    /// <param name="hiddenBefore">The parts that were hidden before.</param>
    /// <exception cref="InvalidOperationException">The events are those of REL1_39.</exception>
    public MediaWikiEvent PageChangeVisibility(
        EventContext context, WikiRevision revision, WikiUser? performer, RevisionParts hiddenBefore)
    {
        var isRestricted = (revision.Hidden | hiddenBefore).HasFlag(RevisionParts.Restricted);
        var changed = (revision.Hidden ^ hiddenBefore) & EntityWriter.AllParts;
        return PageChange(context, new PageChange(
            "update", "visibility_change", context.Time, revision, isRestricted ? null : performer)
        {
            Redirect = RedirectDetail.None,
            PriorState = changed == RevisionParts.None
                ? null
                : entities => entities.WriteVisibilityBefore(hiddenBefore, changed),
        });
    }

    private MediaWikiEvent PageChange(EventContext context, PageChange change)
    {
        RequireCurrent(PageChangeWriter.Stream);
        var stream = NameOf(PageChangeWriter.Stream);
        return new MediaWikiEvent(
            stream, EventKinds.Event, context.Id, new PageChangeWriter(site, stream).Write(context, change));
    }

    private string NameOf(string stream) => streamNames?.GetValueOrDefault(stream) ?? stream;

    private void RequireCurrent(string stream)
    {
        if (generation != EventGeneration.Current)
        {
            throw new InvalidOperationException($"EventBus REL1_39 has no stream {stream}.");
        }
    }
}
