using System.Globalization;
using System.Xml;
using System.Xml.Linq;
using WikiBus.Events.Deki.Dream;

namespace WikiBus.Events.Deki;

/// <summary>Reads an event's document. Elements and attributes that it does not know are ignored.</summary>
internal static class EventReader
{
    public static DekiEventDocument Read(Func<XmlReaderSettings, XmlReader> open)
    {
        XElement root;
        try
        {
            root = XmlTree.Load(open, DekiEvent.DocumentCharactersMax, DekiEvent.DocumentDepthMax);
        }
        catch (XmlException exception)
        {
            throw new FormatException($"The document cannot be read: {exception.Message}", exception);
        }

        return root.Name == "deki-event"
            ? Read(root)
            : throw Fault(root, $"the element is {root.Name} instead of deki-event");
    }

    private static DekiEventDocument Read(XElement root)
    {
        var user = root.Element("user");
        var content = root.Element("content");
        var body = root.Element("body");
        return new DekiEventDocument
        {
            WikiId = Present(root, root.Attribute("wikiid")?.Value, "wikiid"),
            Time = Time(root),
            Channel = Present(root, Text(root, "channel"), "channel"),
            Uri = Text(root, "uri"),
            PageUri = Text(root, "uri.page"),
            Path = Text(root, "path"),
            PreviousPath = Text(root, "previous-path"),
            PageId = Number(root.Element("pageid")),
            FileId = Number(root.Element("fileid")),
            UserId = Number(root.Element("userid")),
            ActingUserId = Number(user, user?.Attribute("id")?.Value),
            IsActingUserAnonymous = Boolean(user, user?.Attribute("anonymous")?.Value),
            ContentUri = Text(root, "content.uri") ?? (content?.Attribute("uri") ?? content?.Attribute("href"))?.Value,
            RevisionUri = Text(root, "revision.uri"),
            TagsUri = Text(root, "tags.uri"),
            CommentsUri = Text(root, "comments.uri"),
            RevertedTo = Number(root.Element("reverted-to")),
            Cascade = Name<DekiCascade>(root.Element("security"), "cascade"),
            PropertyName = Text(root, "name"),
            ContentType = (content?.Attribute("type") ?? content?.Attribute("mime-type"))?.Value,
            ContentSize = Number(content, content?.Attribute("size")?.Value),
            Content = content is { IsEmpty: false } ? content.Value : null,
            BodyType = body?.Attribute("content-type")?.Value,
            Body = body is null ? null : Markup(body),
            BanId = Number(root.Element("banid")),
            BannedBy = Number(root.Element("by")),
            BanReason = Text(root, "reason"),
            BannedAddresses = [.. root.Elements("addresses").Elements("address").Select(address => address.Value)],
            BannedUserIds = [.. root.Elements("users").Elements("user").Select(BannedUser)],
            PreviousLicense = Name<DekiLicenseState>(root.Element("previous-license"), "state"),
            NewLicense = Name<DekiLicenseState>(root.Element("new-license"), "state"),
        };
    }

    private static string? Text(XElement root, string name) => root.Element(name)?.Value;

    private static string Present(XElement root, string? value, string name) =>
        value ?? throw Fault(root, $"deki-event has no {name}");

    private static DateTimeOffset Time(XElement root)
    {
        var text = Present(root, root.Attribute("event-time")?.Value, "event-time");
        return DateTimeOffset.TryParseExact(
            text,
            "yyyy-MM-dd'T'HH:mm:ss'Z'",
            CultureInfo.InvariantCulture,
            DateTimeStyles.AssumeUniversal,
            out var time)
            ? time
            : throw Fault(root, $"event-time is {text}, not a time as 2011-03-04T05:06:07Z");
    }

    private static long? Number(XElement? element) => Number(element, element?.Value);

    private static long? Number(XElement? element, string? text)
    {
        if (element is null || text is null)
        {
            return null;
        }

        return long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number)
            ? number
            : throw Fault(element, $"{text} is not a number");
    }

    private static long BannedUser(XElement user) =>
        Number(user, user.Attribute("id")?.Value) ?? throw Fault(user, "a banned user has no id");

    private static bool? Boolean(XElement? element, string? text) => text switch
    {
        null => null,
        "true" => true,
        "false" => false,
        _ => throw Fault(element!, $"anonymous is {text}, neither true nor false"),
    };

    private static T? Name<T>(XElement? element, string attribute)
        where T : struct, Enum
    {
        var text = element?.Attribute(attribute)?.Value;
        if (text is null)
        {
            return null;
        }

        return Array.Exists(Enum.GetNames<T>(), name => string.Equals(name, text, StringComparison.OrdinalIgnoreCase))
            ? Enum.Parse<T>(text, ignoreCase: true)
            : throw Fault(element!, $"{attribute} is {text}, which is not known");
    }

    // Texts of messages have no elements. Everything else that a message may hold has one root.
    private static string Markup(XElement body) => body.HasElements
        ? string.Concat(body.Nodes().Select(node => node.ToString(SaveOptions.DisableFormatting)))
        : body.Value;

    private static FormatException Fault(XElement at, string what)
    {
        IXmlLineInfo place = at;
        return new FormatException($"Line {place.LineNumber}, position {place.LinePosition}: {what}.");
    }
}
