using System.Xml;

namespace WikiBus.Server.Dream.Events;

/// <summary>What the root of a Deki document says about the event.</summary>
/// <param name="WikiId">Its attribute <c>wikiid</c>; null: none, or it is empty.</param>
/// <param name="Time">Its attribute <c>event-time</c>; null: none, or it is empty.</param>
/// <param name="PageId">The text of its child <c>pageid</c>, a number; null: none.</param>
internal sealed record DocumentRoot(string? WikiId, string? Time, string? PageId)
{
    /// <summary>Nothing is known.</summary>
    public static readonly DocumentRoot None = new(null, null, null);

    /// <summary>Only so many bytes are read: what is looked for comes first in a document.</summary>
    public const int BytesMax = 64 << 10;

    private const int NumberLengthMax = 20;

    /// <summary>
    /// Reads the beginning of a document. One that is not well-formed gives what came before the fault. Document types
    /// and entities end the reading.
    /// </summary>
    public static DocumentRoot Read(ReadOnlyMemory<byte> body)
    {
        var root = None;
        var part = body[..Math.Min(body.Length, BytesMax)];
        try
        {
            using var reader = XmlReader.Create(
                new MemoryStream(part.ToArray(), writable: false),
                new XmlReaderSettings { DtdProcessing = DtdProcessing.Prohibit, XmlResolver = null });
            if (reader.MoveToContent() != XmlNodeType.Element)
            {
                return None;
            }

            root = new DocumentRoot(AttributeOf(reader, "wikiid"), AttributeOf(reader, "event-time"), PageId: null);
            return root with { PageId = FindPageId(reader) };
        }
        catch (Exception exception) when (exception is XmlException or ArgumentException)
        {
            return root;
        }
    }

    private static string? AttributeOf(XmlReader reader, string name) =>
        reader.GetAttribute(name) is { Length: > 0 } value ? value : null;

    private static string? FindPageId(XmlReader reader)
    {
        while (reader.Read())
        {
            if (reader is { NodeType: XmlNodeType.Element, Depth: 1, Name: "pageid", IsEmptyElement: false })
            {
                reader.Read();
                var text = reader.NodeType == XmlNodeType.Text ? reader.Value.Trim() : "";
                return text.Length is > 0 and <= NumberLengthMax && text.All(char.IsAsciiDigit) ? text : null;
            }
        }

        return null;
    }
}
