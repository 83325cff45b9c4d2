using System.Globalization;
using WikiBus.Events.Deki.Dream;

namespace WikiBus.Events.Deki;

/// <summary>Builds the events about properties.</summary>
internal static class PropertyEvents
{
    // A content of this size or more is not in the event.
    private const int ContentBytesLimit = 256;

    public static List<DekiEvent> Changed(
        DekiWiki wiki, DekiProperty property, DekiPropertyOwner owner, DekiUser user, string action)
    {
        ArgumentNullException.ThrowIfNull(property);
        ArgumentNullException.ThrowIfNull(owner);
        ArgumentNullException.ThrowIfNull(user);
        return [.. OwnerChanged(wiki, owner, user, action), Event(wiki, property, owner, action)];
    }

    private static List<DekiEvent> OwnerChanged(
        DekiWiki wiki, DekiPropertyOwner owner, DekiUser user, string action) => owner switch
    {
        { User: not null } => UserEvents.Changed(wiki, owner.User, $"dependentschanged/properties/{action}"),
        { Kind: "files" } => PageEvents.DependentChanged(wiki, owner.Page, user, $"files/properties/{action}"),
        _ => PageEvents.DependentChanged(wiki, owner.Page, user, $"properties/{action}"),
    };

    private static DekiEvent Event(DekiWiki wiki, DekiProperty property, DekiPropertyOwner owner, string action)
    {
        var draft = EventDraft.WithChannel(wiki, $"{owner.Kind}/properties/{action}");
        var contentUri = $"{wiki.Api}/{owner.Path}/properties/{UriEncoding.SegmentTwice(property.Name)}";
        var uri = $"{contentUri}/info";
        draft.Xml.Element("name", property.Name).Element("uri", uri);
        WriteContent(draft.Xml, property, contentUri);
        if (owner.IdElement is not null)
        {
            draft.Xml.Element(owner.IdElement, owner.Id);
        }

        return draft.Complete(uri, uri);
    }

    private static void WriteContent(XmlBuilder xml, DekiProperty property, string contentUri)
    {
        var type = MediaType.Parse(property.MimeType, nameof(property));
        ReadOnlySpan<(string, string?)> attributes =
        [
            ("mime-type", type.Name),
            ("size", property.Content.Length.ToString(CultureInfo.InvariantCulture)),
            ("href", contentUri),
        ];
        if (type.IsText && property.Content.Length < ContentBytesLimit)
        {
            xml.Element("content", type.Read(property.Content), attributes);
        }
        else
        {
            xml.Empty("content", attributes);
        }
    }
}
