using System.Net;
using System.Text.Json;
using WikiBus.Events.MediaWiki;

namespace WikiBus.Events.Tests.MediaWiki;

/// <summary>
/// Reads the inputs of a state event back from the posted one, and builds it again. Only parsed comments, groups and
/// the SHA-1 of contents are taken as they are.
/// </summary>
internal static class CapturedState
{
    private const string Articles = "/wiki/";

    public static MediaWikiEvent Build(
        MediaWikiEvents events, string stream, EventContext context, JsonElement posted) =>
        stream switch
        {
            "mediawiki.page-create" => events.PageCreate(context, Revision(posted, Performer(posted))),
            "mediawiki.revision-create" =>
                events.RevisionCreate(context, Revision(posted, Performer(posted)), ParentSha1(posted)),
            "mediawiki.page-delete" => events.PageDelete(
                context, Page(posted), RevisionId(posted), Performer(posted), Count(posted), Comment(posted)),
            "mediawiki.page-suppress" => events.PageSuppress(
                context, Page(posted), RevisionId(posted), Performer(posted), Count(posted), Comment(posted)),
            "mediawiki.page-undelete" => events.PageUndelete(
                context, Page(posted), RevisionId(posted), Performer(posted), Comment(posted), FormerId(posted)),
            "mediawiki.page-move" => events.PageMove(context, Move(posted), Performer(posted), Comment(posted)),
            "mediawiki.page-properties-change" => events.PagePropertiesChange(
                context,
                Page(posted),
                RevisionId(posted),
                Properties(posted, "added_properties"),
                Properties(posted, "removed_properties"),
                Performer(posted)),
            "mediawiki.page-links-change" => events.PageLinksChange(
                context,
                Page(posted),
                RevisionId(posted),
                Links(posted, "added_links"),
                Links(posted, "removed_links"),
                posted.TryGetProperty("performer", out _) ? Performer(posted) : null),
            "mediawiki.page-restrictions-change" => events.PageRestrictionsChange(
                context,
                Page(posted),
                Restrictions(posted),
                Performer(posted),
                Text(posted, "reason")!,
                RevisionId(posted)),
            "mediawiki.revision-tags-change" => TagsChange(events, context, posted),
            "mediawiki.revision-visibility-change" => events.RevisionVisibilityChange(
                context,
                Revision(posted, author: null) with { Hidden = Hidden(posted) },
                Hidden(posted.GetProperty("prior_state")),
                Performer(posted)),
            "mediawiki.user-blocks-change" => BlocksChange(events, context, posted),
            _ => throw new ArgumentOutOfRangeException(nameof(stream), stream, "a stream of the capture"),
        };

    private static MediaWikiEvent TagsChange(MediaWikiEvents events, EventContext context, JsonElement posted)
    {
        var before = Texts(posted.GetProperty("prior_state"), "tags");
        var after = Texts(posted, "tags");
        return events.RevisionTagsChange(
            context,
            Revision(posted, author: null),
            before,
            [.. after.Except(before)],
            [.. before.Except(after)],
            Performer(posted));
    }

    private static MediaWikiEvent BlocksChange(MediaWikiEvents events, EventContext context, JsonElement posted)
    {
        var (target, reason) = (Text(posted, "user_text")!, Text(posted, "comment")!);
        var before = posted.TryGetProperty("prior_state", out var state) ? Block(state) : null;
        if (!posted.TryGetProperty("user_groups", out _))
        {
            return events.UserBlocksChange(context, target, Block(posted), Performer(posted), reason, before);
        }

        var user = new WikiUser
        {
            Id = Number(posted, "user_id") ?? 0,
            Name = target,
            Groups = Texts(posted, "user_groups"),
        };
        return events.UserBlocksChange(context, user, Block(posted), Performer(posted), reason, before);
    }

    private static UserBlock Block(JsonElement state)
    {
        var blocks = state.GetProperty("blocks");
        return new UserBlock
        {
            HidesName = blocks.GetProperty("name").GetBoolean(),
            BlocksEmail = blocks.GetProperty("email").GetBoolean(),
            BlocksOwnTalk = blocks.GetProperty("user_talk").GetBoolean(),
            BlocksAccountCreation = blocks.GetProperty("account_create").GetBoolean(),
            IsSitewide = blocks.GetProperty("sitewide").GetBoolean(),
            Restrictions = [.. blocks.GetProperty("restrictions").EnumerateArray().Select(static restriction =>
                restriction.GetProperty("type").ValueEquals("page")
                    ? BlockRestriction.OfPage(Number(restriction, "value")!.Value)
                    : BlockRestriction.OfNamespace(restriction.GetProperty("value").GetInt32()))],
            Expiry = Time(blocks, "expiry_dt"),
        };
    }

    private static WikiRevision Revision(JsonElement posted, WikiUser? author) => new()
    {
        Id = RevisionId(posted),
        Page = Page(posted),
        ParentId = Number(posted, "rev_parent_id"),
        Time = Time(posted, "rev_timestamp")!.Value,
        Sha1 = Text(posted, "rev_sha1")!,
        Size = Number(posted, "rev_len")!.Value,
        IsMinor = posted.GetProperty("rev_minor_edit").GetBoolean(),
        Author = author,
        Comment = Comment(posted) ?? new WikiComment(""),
        Slots = Slots(posted),
    };

    private static List<RevisionSlot> Slots(JsonElement posted)
    {
        var main = new RevisionSlot
        {
            ContentModel = Text(posted, "rev_content_model")!,
            ContentFormat = Text(posted, "rev_content_format"),
            Sha1 = Text(posted, "rev_sha1")!,
            Size = Number(posted, "rev_len")!.Value,
        };
        return posted.TryGetProperty("rev_slots", out var slots)
            ? [.. slots.EnumerateObject().Select(slot => main with
            {
                Role = slot.Name,
                ContentModel = Text(slot.Value, "rev_slot_content_model")!,
                Sha1 = Text(slot.Value, "rev_slot_sha1")!,
                Size = Number(slot.Value, "rev_slot_size")!.Value,
                OriginRevisionId = Number(slot.Value, "rev_slot_origin_rev_id"),
            })]
            : [main];
    }

    // The capture does not have every parent. A changed content has some other hash.
    private static string? ParentSha1(JsonElement posted) =>
        !posted.TryGetProperty("rev_content_changed", out var isChanged) ? null
        : isChanged.GetBoolean() ? "0000000000000000000000000000000"
        : Text(posted, "rev_sha1");

    private static RevisionParts Hidden(JsonElement state)
    {
        var visibility = state.GetProperty("visibility");
        RevisionParts Bit(string name, RevisionParts part) =>
            visibility.GetProperty(name).GetBoolean() ? RevisionParts.None : part;
        return Bit("text", RevisionParts.Text)
            | Bit("user", RevisionParts.User)
            | Bit("comment", RevisionParts.Comment);
    }

    private static PageMove Move(JsonElement posted)
    {
        var (after, before) = (Page(posted), posted.GetProperty("prior_state"));
        return new PageMove
        {
            After = after,
            Before = after with
            {
                Title = Text(before, "page_title")!,
                Namespace = before.GetProperty("page_namespace").GetInt32(),
            },
            RevisionId = RevisionId(posted),
            ParentId = RevisionId(before),
        };
    }

    private static List<PageProperty> Properties(JsonElement posted, string name) =>
        posted.TryGetProperty(name, out var properties)
            ? [.. properties.EnumerateObject().Select(static property =>
                new PageProperty(property.Name, property.Value.GetString()!))]
            : [];

    private static List<PageLink> Links(JsonElement posted, string name) =>
        posted.TryGetProperty(name, out var links) ? [.. links.EnumerateArray().Select(Link)] : [];

    private static PageLink Link(JsonElement link)
    {
        var url = WebUtility.UrlDecode(Text(link, "link")!);
        if (link.GetProperty("external").GetBoolean())
        {
            return PageLink.ToUrl(url);
        }

        url.ShouldStartWith(Articles);
        return PageLink.ToPage(WebUtility.UrlDecode(url[Articles.Length..]).Replace('_', ' '));
    }

    private static List<PageRestriction> Restrictions(JsonElement posted) =>
        [.. posted.GetProperty("page_restrictions").EnumerateObject().Select(static restriction =>
            new PageRestriction(restriction.Name, restriction.Value.GetString()!))];

    private static WikiPage Page(JsonElement posted) => new()
    {
        Id = Number(posted, "page_id")!.Value,
        Namespace = posted.GetProperty("page_namespace").GetInt32(),
        Title = Text(posted, "page_title")!.Replace('_', ' '),
        IsRedirect = posted.GetProperty("page_is_redirect").GetBoolean(),
    };

    private static WikiUser Performer(JsonElement posted)
    {
        var performer = posted.GetProperty("performer");
        return new WikiUser
        {
            Id = Number(performer, "user_id") ?? 0,
            Name = Text(performer, "user_text")!,
            Groups = Texts(performer, "user_groups"),
            IsBot = performer.GetProperty("user_is_bot").GetBoolean(),
            Registration = Time(performer, "user_registration_dt"),
            EditCount = Number(performer, "user_edit_count"),
        };
    }

    private static WikiComment? Comment(JsonElement posted) =>
        Text(posted, "comment") is { } text ? new WikiComment(text, Text(posted, "parsedcomment")) : null;

    private static long RevisionId(JsonElement posted) => Number(posted, "rev_id")!.Value;

    private static long? Count(JsonElement posted) => Number(posted, "rev_count");

    private static long? FormerId(JsonElement posted) =>
        posted.TryGetProperty("prior_state", out var state) ? Number(state, "page_id") : Number(posted, "page_id");

    private static string? Text(JsonElement from, string name) =>
        from.TryGetProperty(name, out var value) ? value.GetString() : null;

    private static long? Number(JsonElement from, string name) =>
        from.TryGetProperty(name, out var value) ? value.GetInt64() : null;

    private static DateTimeOffset? Time(JsonElement from, string name) =>
        from.TryGetProperty(name, out var value) ? value.GetDateTimeOffset() : null;

    private static List<string> Texts(JsonElement from, string name) =>
        [.. from.GetProperty(name).EnumerateArray().Select(static text => text.GetString()!)];
}
