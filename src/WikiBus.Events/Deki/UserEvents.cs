using System.Globalization;

namespace WikiBus.Events.Deki;

/// <summary>Builds the events about users and bans.</summary>
internal static class UserEvents
{
    public static List<DekiEvent> Changed(DekiWiki wiki, DekiUser user, string action)
    {
        ArgumentNullException.ThrowIfNull(user);
        var draft = EventDraft.WithChannel(wiki, $"users/{action}");
        draft.Xml.Element("userid", user.Id)
            .Element("uri", $"{wiki.Api}/users/{user.Id}")
            .Element("path", UiPath.Of(wiki, user));
        var resource = $"{wiki.ApiOfWiki}/users/{user.Id}";
        return [draft.Complete(resource, resource)];
    }

    public static List<DekiEvent> BanChanged(DekiWiki wiki, DekiBan ban, string action)
    {
        ArgumentNullException.ThrowIfNull(ban);
        var draft = EventDraft.WithChannel(wiki, $"ban/{action}");
        draft.Xml.Element("banid", ban.Id).Element("reason", ban.Reason).Element("by", ban.By);
        if (ban.Addresses.Count > 0)
        {
            draft.Xml.Start("addresses");
            foreach (var address in ban.Addresses)
            {
                draft.Xml.Element("address", address);
            }

            draft.Xml.End("addresses");
        }

        if (ban.UserIds.Count > 0)
        {
            draft.Xml.Start("users");
            foreach (var id in ban.UserIds)
            {
                draft.Xml.Empty("user", ("id", id.ToString(CultureInfo.InvariantCulture)));
            }

            draft.Xml.End("users");
        }

        return [draft.Complete(resource: null, $"http://{wiki.Id}/deki")];
    }
}
