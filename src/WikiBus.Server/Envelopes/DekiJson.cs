using System.Text;
using System.Text.Json;
using System.Xml;
using System.Xml.Linq;
using WikiBus.Storage;

namespace WikiBus.Server.Envelopes;

/// <summary>
/// Deki documents as JSON. Attributes and child elements become members. An element with only text is a string; if it
/// has more, its text is the member <c>text</c>. Elements with the same name are an array, and so are the children of
/// <c>addresses</c> and <c>users</c>. The <c>body</c> of a message has <c>content-type</c> and <c>text</c>, which is
/// XML if the message was.
/// </summary>
internal static class DekiJson
{
    /// <summary>Larger documents are shown as text.</summary>
    public const int BytesMax = 1 << 20;

    /// <summary>Most levels of elements; a deeper document is shown as text.</summary>
    public const int DepthMax = 64;

    private const string RootName = "deki-event";

    /// <summary>
    /// The root of the record's document. Null: it is no well-formed Deki document, or has a document type, which is
    /// never read.
    /// </summary>
    public static XElement? TryRead(in LogRecord record)
    {
        if (record.Payload.Length > BytesMax || !IsXml(record.ContentType.Span))
        {
            return null;
        }

        try
        {
            if (IsTooDeep(record.Payload))
            {
                return null;
            }

            using var reader = Open(record.Payload);
            var root = XElement.Load(reader, LoadOptions.PreserveWhitespace);
            return root.Name == RootName ? root : null;
        }
        catch (Exception exception) when (exception is XmlException or ArgumentException)
        {
            return null;
        }
    }

    /// <summary>Writes an element as a value.</summary>
    public static void Write(XElement element, Utf8JsonWriter writer)
    {
        if (element.Name.LocalName is "addresses" or "users")
        {
            writer.WriteStartArray();
            foreach (var child in element.Elements())
            {
                Write(child, writer);
            }

            writer.WriteEndArray();
            return;
        }

        if (!element.HasAttributes && !element.HasElements)
        {
            writer.WriteStringValue(element.Value);
            return;
        }

        writer.WriteStartObject();
        WriteMembers(element, writer);
        writer.WriteEndObject();
    }

    private static void WriteMembers(XElement element, Utf8JsonWriter writer)
    {
        var isBody = element.Name.LocalName == "body";
        var names = new HashSet<string>(StringComparer.Ordinal);
        var groups = isBody ? [] : element.Elements().GroupBy(static child => child.Name.LocalName).ToList();
        names.UnionWith(groups.Select(static group => group.Key));
        foreach (var attribute in element.Attributes())
        {
            // A child of the same name says more.
            if (names.Add(attribute.Name.LocalName))
            {
                writer.WriteString(attribute.Name.LocalName, attribute.Value);
            }
        }

        foreach (var group in groups)
        {
            writer.WritePropertyName(group.Key);
            WriteGroup([.. group], writer);
        }

        var text = isBody
            ? string.Concat(element.Nodes().Select(TextOf))
            : string.Concat(element.Nodes().OfType<XText>().Select(static node => node.Value));
        if ((isBody || !string.IsNullOrWhiteSpace(text)) && names.Add("text"))
        {
            writer.WriteString("text"u8, text);
        }
    }

    private static void WriteGroup(List<XElement> elements, Utf8JsonWriter writer)
    {
        if (elements is [var single])
        {
            Write(single, writer);
            return;
        }

        writer.WriteStartArray();
        elements.ForEach(element => Write(element, writer));
        writer.WriteEndArray();
    }

    private static string TextOf(XNode node) =>
        node is XText text ? text.Value : node.ToString(SaveOptions.DisableFormatting);

    private static bool IsXml(ReadOnlySpan<byte> contentType)
    {
        var end = contentType.IndexOf((byte)';');
        var essence = (end < 0 ? contentType : contentType[..end]).Trim(" \t"u8);
        return Ascii.EqualsIgnoreCase(essence, "application/xml"u8) || Ascii.EqualsIgnoreCase(essence, "text/xml"u8);
    }

    private static bool IsTooDeep(ReadOnlyMemory<byte> document)
    {
        using var reader = Open(document);
        while (reader.Read())
        {
            if (reader.Depth >= DepthMax)
            {
                return true;
            }
        }

        return false;
    }

    private static XmlReader Open(ReadOnlyMemory<byte> document) => XmlReader.Create(
        new MemoryStream(document.ToArray(), writable: false),
        new XmlReaderSettings { DtdProcessing = DtdProcessing.Prohibit, XmlResolver = null });
}
