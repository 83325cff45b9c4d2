using WikiBus.Events.MediaWiki.Writing;
using WikiBus.Events.Php;

namespace WikiBus.Events.MediaWiki;

/// <content>The events about revisions, which share the members that describe one.</content>
public sealed partial class MediaWikiEvents
{
    /// <summary>
    /// A page was created: <c>mediawiki.page-create</c>. A wiki sends <see cref="RevisionCreate"/> for the page's first
    /// revision, too. The performer is the revision's author.
    /// </summary>
    /// <param name="context">The cause.</param>
    /// <param name="revision">The page's first revision.</param>
    /// <exception cref="ArgumentException">The revision has a parent.</exception>
    public MediaWikiEvent PageCreate(EventContext context, WikiRevision revision) =>
        revision.ParentId is null or 0
            ? RevisionStored(context, "mediawiki.page-create", revision, parentSha1: null)
            : throw new ArgumentException("The first revision of a page has no parent.", nameof(revision));

    /// <summary>
    /// A revision was stored: <c>mediawiki.revision-create</c>. The performer is the revision's author. EventBus main
    /// adds <c>dt</c>, the time of the revision.
    /// </summary>
    /// <param name="context">The cause.</param>
    /// <param name="revision">The revision.</param>
    /// <param name="parentSha1">
    /// <see cref="WikiRevision.Sha1"/> of its parent, from which <c>rev_content_changed</c> follows; null leaves that
    /// out.
    /// </param>
    /// <exception cref="ArgumentException"><paramref name="parentSha1"/> without a parent.</exception>
    public MediaWikiEvent RevisionCreate(EventContext context, WikiRevision revision, string? parentSha1 = null) =>
        parentSha1 is null || revision.ParentId > 0
            ? RevisionStored(context, "mediawiki.revision-create", revision, parentSha1)
            : throw new ArgumentException("The revision has no parent.", nameof(parentSha1));

    /// <summary>
    /// A revision got or lost tags: <c>mediawiki.revision-tags-change</c>. The event has the tags before and after.
    /// </summary>
    /// <param name="context">The cause.</param>
    /// <param name="revision">The revision.</param>
    /// <param name="before">The tags that it had.</param>
    /// <param name="added">The tags that it got.</param>
    /// <param name="removed">The tags that it lost; they win over added ones.</param>
    /// <param name="performer">
    /// Who tagged it; null if that is not known. EventBus REL1_39 then has the author instead, if public.
    /// </param>
    /// <exception cref="ArgumentException">
    /// No tag is added or removed, or a tag is empty or has a lone surrogate.
    /// </exception>
    public MediaWikiEvent RevisionTagsChange(
        EventContext context,
        WikiRevision revision,
        IReadOnlyList<string> before,
        IReadOnlyList<string> added,
        IReadOnlyList<string> removed,
        WikiUser? performer = null)
    {
        Require.Texts(before);
        if (Require.Texts(added).Count + Require.Texts(removed).Count == 0)
        {
            throw new ArgumentException("No tag is added or removed.", nameof(added));
        }

        return RevisionChange(context, "tags-change", revision, performer, json =>
        {
            json.WriteList("tags", before.Concat(added).Except(removed, StringComparer.Ordinal));
            json.BeginObject("prior_state");
            json.WriteList("tags", before);
            json.EndObject();
        });
    }

    /// <summary>
    /// Parts of a revision were hidden or shown: <c>mediawiki.revision-visibility-change</c>. The event has what
    /// everybody may see before and after.
    /// </summary>
    /// <param name="context">The cause.</param>
    /// <param name="revision">The revision with the parts that are hidden now.</param>
    /// <param name="hiddenBefore">The parts that were hidden before.</param>
    /// <param name="performer">
    /// Who did it; null if that is not known. EventBus main leaves it out if the parts are or were hidden from
    /// administrators. EventBus REL1_39 always has it, and the author, if public, instead of null.
    /// </param>
    /// <exception cref="ArgumentException">The hidden parts are the same as before.</exception>
    public MediaWikiEvent RevisionVisibilityChange(
        EventContext context, WikiRevision revision, RevisionParts hiddenBefore, WikiUser? performer = null)
    {
        if (revision.Hidden == hiddenBefore)
        {
            throw new ArgumentException("The hidden parts are the same as before.", nameof(hiddenBefore));
        }

        var isSuppression = (revision.Hidden | hiddenBefore).HasFlag(RevisionParts.Restricted);
        var namesPerformer = generation == EventGeneration.Rel139 || !isSuppression;
        return RevisionChange(context, "visibility-change", revision, namesPerformer ? performer : null, json =>
        {
            RevisionWriter.WriteVisibility(json, revision.Hidden);
            json.BeginObject("prior_state");
            RevisionWriter.WriteVisibility(json, hiddenBefore);
            json.EndObject();
        });
    }

    private MediaWikiEvent RevisionStored(
        EventContext context, string stream, WikiRevision revision, string? parentSha1)
    {
        var isCurrent = generation == EventGeneration.Current;
        var schema = isCurrent ? "/mediawiki/revision/create/2.0.0" : "/mediawiki/revision/create/1.1.0";
        return StateChange(context, schema, stream, revision.Page.Key, json =>
        {
            RevisionWriter.Write(json, revision, RevisionWriter.PublicAuthor(revision));
            if (isCurrent)
            {
                json.Write("dt", revision.Time);
            }

            RevisionWriter.WriteSlots(json, revision.Slots);
            if (parentSha1 is not null)
            {
                json.Write("rev_content_changed", !parentSha1.Equals(revision.Sha1, StringComparison.Ordinal));
            }
        });
    }

    private MediaWikiEvent RevisionChange(
        EventContext context,
        string change,
        WikiRevision revision,
        WikiUser? performer,
        Action<PhpJsonBuilder> writeChange)
    {
        if (generation == EventGeneration.Rel139)
        {
            performer ??= RevisionWriter.PublicAuthor(revision);
        }

        var stream = "mediawiki.revision-" + change;
        return StateChange(context, $"/mediawiki/revision/{change}/1.0.0", stream, revision.Page.Key, json =>
        {
            RevisionWriter.Write(json, revision, performer);
            writeChange(json);
        });
    }
}
