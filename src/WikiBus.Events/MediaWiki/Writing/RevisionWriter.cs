using WikiBus.Events.Php;

namespace WikiBus.Events.MediaWiki.Writing;

/// <summary>Writes the members that describe a revision (EventBus: <c>createRevisionRecordAttrs</c>).</summary>
internal static class RevisionWriter
{
    /// <summary>Writes the members after <c>database</c>; what is hidden is left out.</summary>
    public static void Write(PhpJsonBuilder json, WikiRevision revision, WikiUser? performer)
    {
        json.Write("page_id", revision.Page.Id);
        json.Write("page_title", revision.Page.Key);
        json.Write("page_namespace", revision.Page.Namespace);
        json.Write("rev_id", revision.Id);
        json.Write("rev_timestamp", revision.Time);
        json.Write("rev_sha1", revision.Sha1);
        json.Write("rev_minor_edit", revision.IsMinor);
        json.Write("rev_len", revision.Size);
        json.Write("rev_content_model", revision.Main.ContentModel);
        if (revision.Main.ContentFormat is { } format)
        {
            json.Write("rev_content_format", format);
        }

        PerformerWriter.Write(json, performer);
        json.Write("page_is_redirect", revision.Page.IsRedirect && !revision.Hidden.HasFlag(RevisionParts.Text));
        PerformerWriter.WriteComment(
            json, revision.Hidden.HasFlag(RevisionParts.Comment) ? null : revision.Comment);
        if (revision.ParentId is { } parent and > 0)
        {
            json.Write("rev_parent_id", parent);
        }
    }

    public static void WriteSlots(PhpJsonBuilder json, IReadOnlyList<RevisionSlot> slots)
    {
        json.BeginObject("rev_slots");
        foreach (var slot in slots)
        {
            json.BeginObject(slot.Role);
            json.Write("rev_slot_content_model", slot.ContentModel);
            json.Write("rev_slot_sha1", slot.Sha1);
            json.Write("rev_slot_size", slot.Size);
            if (slot.OriginRevisionId is { } origin)
            {
                json.Write("rev_slot_origin_rev_id", origin);
            }

            json.EndObject();
        }

        json.EndObject();
    }

    public static void WriteVisibility(PhpJsonBuilder json, RevisionParts hidden)
    {
        json.BeginObject("visibility");
        json.Write("text", !hidden.HasFlag(RevisionParts.Text));
        json.Write("user", !hidden.HasFlag(RevisionParts.User));
        json.Write("comment", !hidden.HasFlag(RevisionParts.Comment));
        json.EndObject();
    }

    /// <summary>The author; null if unknown or hidden.</summary>
    public static WikiUser? PublicAuthor(WikiRevision revision) =>
        revision.Hidden.HasFlag(RevisionParts.User) ? null : revision.Author;
}
