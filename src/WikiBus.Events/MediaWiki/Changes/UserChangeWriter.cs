using WikiBus.Events.MediaWiki.Writing;
using WikiBus.Events.Php;

namespace WikiBus.Events.MediaWiki.Changes;

/// <summary>Writes the events of <c>mediawiki.user_change.v1</c> (EventBus: UserChangeEventSerializer).</summary>
internal static class UserChangeWriter
{
    public const string Stream = "mediawiki.user_change.v1";

    public static ReadOnlyMemory<byte> Write(WikiSite site, string stream, Guid id, UserChange change)
    {
        var json = new PhpJsonBuilder();
        var entities = new EntityWriter(json, site);
        json.BeginObject();
        json.Write("changelog_kind", change.ChangelogKind);
        json.Write("wiki_id", site.Database);
        json.Write("user_change_kind", change.Kind);
        json.Write("dt", change.Time);
        entities.BeginUser("user", change.User);
        json.WriteIfKnown("first_registration_dt", change.User.FirstRegistration);
        json.EndObject();
        json.WriteIfKnown("comment", change.Comment);
        entities.WriteUser("performer", change.Performer);
        json.WriteIfKnown("is_autocreate", change.IsAutomatic);
        WritePriorState(json, change);
        new ChangeMeta("/development/mediawiki_user_change/1.3.0", stream, UriOf(site, change.User))
            .End(json, site, id, requestId: null);
        return json.Written;
    }

    private static void WritePriorState(PhpJsonBuilder json, UserChange change)
    {
        if (change is { NameBefore: null, GroupsBefore: null })
        {
            return;
        }

        json.BeginObject("prior_state");
        json.BeginObject("user");
        json.WriteIfKnown("user_text", change.NameBefore);
        if (change.GroupsBefore is { } groups)
        {
            json.WriteList("groups", groups);
        }

        json.EndObject();
        json.EndObject();
    }

    // MediaWiki does not know the names of another wiki's namespaces. All wikis understand the English ones.
    private static string UriOf(WikiSite site, WikiUser user)
    {
        var prefix = user.HomeWiki is null ? site.UserNamespace : "User";
        return WikiUrl.OfPage(user.HomeWiki ?? site, $"{prefix}:{user.Name}".Replace(' ', '_'));
    }
}
