using WikiBus.Events.Php;

namespace WikiBus.Events.MediaWiki.Changes;

/// <summary>Writes pages, users and revisions as events of changes have them (EventBus: EntitySerializer).</summary>
internal sealed class EntityWriter(PhpJsonBuilder json, WikiSite site)
{
    /// <summary>The parts whose visibility events say.</summary>
    public const RevisionParts AllParts = RevisionParts.Text | RevisionParts.User | RevisionParts.Comment;

    /// <summary>Writes the members that every page has; the page's object stays open.</summary>
    public void BeginPage(string name, WikiPage page)
    {
        json.BeginObject(name);
        json.Write("page_id", page.Id);
        json.Write("page_title", page.Key);
        json.Write("namespace_id", page.Namespace);
        json.Write("is_redirect", page.IsRedirect);
        json.Write("namespace_is_content", HasContent(page));
    }

    /// <summary>Writes the members of the page that differed before; nothing if none did.</summary>
    public void WritePageBefore(WikiPage before, WikiPage after)
    {
        long? id = before.Id == after.Id ? null : before.Id;
        var title = before.Key.Equals(after.Key, StringComparison.Ordinal) ? null : before.Key;
        long? number = before.Namespace == after.Namespace ? null : before.Namespace;
        bool? isRedirect = before.IsRedirect == after.IsRedirect ? null : before.IsRedirect;
        bool? hasContent = HasContent(before) == HasContent(after) ? null : HasContent(before);
        if ((id, title, number, isRedirect, hasContent) is (null, null, null, null, null))
        {
            return;
        }

        json.BeginObject("page");
        json.WriteIfKnown("page_id", id);
        json.WriteIfKnown("page_title", title);
        json.WriteIfKnown("namespace_id", number);
        json.WriteIfKnown("is_redirect", isRedirect);
        json.WriteIfKnown("namespace_is_content", hasContent);
        json.EndObject();
    }

    public void WritePageIdBefore(long id)
    {
        json.BeginObject("page");
        json.Write("page_id", id);
        json.EndObject();
    }

    public void WriteRedirectTarget(RedirectTarget target, bool withPage)
    {
        json.BeginObject("redirect_page_link");
        json.Write("page_title", target.Key);
        json.Write("namespace_id", target.Namespace);
        if (withPage && target.PageId is { } id)
        {
            json.Write("page_id", id);
            json.Write("is_redirect", target.IsRedirect);
        }

        json.WriteIfKnown("interwiki_prefix", target.InterwikiPrefix);
        json.WriteIfKnown("wikibase_item_id", target.WikibaseItemId);
        json.EndObject();
    }

    /// <summary>Writes a user; nothing if nobody is known.</summary>
    public void WriteUser(string name, WikiUser? user)
    {
        if (user is not null)
        {
            BeginUser(name, user);
            json.EndObject();
        }
    }

    /// <summary>Writes the members that every user has; the user's object stays open.</summary>
    public void BeginUser(string name, WikiUser user)
    {
        var isRegistered = user.Id != 0;
        json.BeginObject(name);
        json.Write("user_text", user.Name);
        json.WriteList("groups", user.Groups);
        json.Write("is_temp", user.IsTemporary);
        json.Write("wiki_id", (user.HomeWiki ?? site).Database);
        if (isRegistered)
        {
            json.WriteIfKnown("first_edit_dt", user.FirstEdit);
            json.Write("user_id", user.Id);
            json.WriteIfKnown("edit_count", user.EditCount);
        }

        json.WriteIfKnown("registration_dt", user.Registration);
        if (user.HomeWiki is null)
        {
            json.Write("is_bot", isRegistered && user.IsBot);
            json.Write("is_system", user.IsSystem);
        }

        if (user.CentralId is { } centralId and not 0)
        {
            json.Write("user_central_id", centralId);
            json.WriteIfKnown("edit_global_count", user.GlobalEditCount);
        }
    }

    /// <summary>Writes the members that every revision has; the revision's object stays open.</summary>
    public void BeginRevision(WikiRevision revision)
    {
        BeginRevisionWithoutContent(revision);
        json.Write("rev_sha1", revision.Sha1);
        json.Write("rev_size", revision.Size);
        json.WriteIfKnown("rev_parent_id", revision.ParentId);
        if (!revision.Hidden.HasFlag(RevisionParts.Comment))
        {
            json.Write("comment", revision.Comment.Text);
        }

        WriteVisibility(revision.Hidden);
        WriteUser("editor", revision.Hidden.HasFlag(RevisionParts.User) ? null : revision.Author);
        WriteSlots(revision.Slots);
    }

    public void WriteRevision(WikiRevision revision)
    {
        BeginRevision(revision);
        json.EndObject();
    }

    /// <summary>Writes what remains of a revision when its page is hidden from administrators, too.</summary>
    public void WriteSuppressedRevision(WikiRevision revision)
    {
        BeginRevisionWithoutContent(revision);
        json.WriteIfKnown("rev_parent_id", revision.ParentId);
        WriteVisibility(hidden: AllParts);
        json.EndObject();
    }

    /// <summary>Writes whether these parts of the revision were visible before.</summary>
    public void WriteVisibilityBefore(RevisionParts hidden, RevisionParts parts)
    {
        json.BeginObject("revision");
        WriteVisibility(hidden, parts);
        json.EndObject();
    }

    private bool HasContent(WikiPage page) => site.ContentNamespaces.Contains(page.Namespace);

    private void BeginRevisionWithoutContent(WikiRevision revision)
    {
        json.BeginObject("revision");
        json.Write("rev_id", revision.Id);
        json.Write("rev_dt", revision.Time);
        json.Write("is_minor_edit", revision.IsMinor);
    }

    private void WriteVisibility(RevisionParts hidden, RevisionParts parts = AllParts)
    {
        Write(RevisionParts.Text, "is_content_visible");
        Write(RevisionParts.User, "is_editor_visible");
        Write(RevisionParts.Comment, "is_comment_visible");

        void Write(RevisionParts part, string name)
        {
            if (parts.HasFlag(part))
            {
                json.Write(name, !hidden.HasFlag(part));
            }
        }
    }

    private void WriteSlots(IReadOnlyList<RevisionSlot> slots)
    {
        json.BeginObject("content_slots");
        foreach (var slot in slots)
        {
            json.BeginObject(slot.Role);
            json.Write("slot_role", slot.Role);
            json.Write("content_model", slot.ContentModel);
            json.Write("content_sha1", slot.Sha1);
            json.Write("content_size", slot.Size);
            json.WriteIfKnown("content_format", slot.ContentFormat);
            json.WriteIfKnown("origin_rev_id", slot.OriginRevisionId);
            json.EndObject();
        }

        json.EndObject();
    }
}
