using System.Xml;

namespace WikiBus.Server.Dream.Events;

/// <summary>What the root of a Deki document says about the event.</summary>
/// <param name="WikiId">Its attribute <c>wikiid</c>; null: none, or it is empty.</param>
/// <param name="Time">Its attribute <c>event-time</c>; null: none, or it is empty.</param>
/// <param name="PageId">The text of its child <c>pageid</c>, a number; null: none.</param>
internal sealed record DocumentRoot(string? WikiId, string? Time, string? PageId)
{
    /// <summary>There is no document.</summary>
    public static readonly DocumentRoot None = new(null, null, null);

    /// <summary>There is markup whose root could not be read, so it is not known which wiki it names.</summary>
    public static readonly DocumentRoot Unread = new(null, null, null) { IsUnread = true };

    /// <summary>Most bytes that are read; what is needed is at the beginning of a document.</summary>
    public const int BytesMax = 64 << 10;

    private const int NumberLengthMax = 20;

    private static readonly byte[] s_beforeMarkup = [0x00, 0x09, 0x0A, 0x0D, 0x20, 0xEF, 0xBB, 0xBF, 0xFE, 0xFF];

    public bool IsUnread { get; private init; }

    /// <summary>
    /// Reads the beginning of a document. One that is not well-formed gives what came before the fault. Document types
    /// and entities end the reading.
    /// </summary>
    /// <param name="body">The body.</param>
    /// <param name="isXml">Does its type say that it is XML? Then it may be in an encoding that is not read.</param>
    public static DocumentRoot Read(ReadOnlyMemory<byte> body, bool isXml = false)
    {
        var part = body[..Math.Min(body.Length, BytesMax)];
        var root = isXml || MayBeMarkup(part.Span, isAll: part.Length == body.Length) ? Unread : None;
        try
        {
            using var reader = XmlReader.Create(
                new MemoryStream(part.ToArray(), writable: false),
                new XmlReaderSettings { DtdProcessing = DtdProcessing.Prohibit, XmlResolver = null });
            if (reader.MoveToContent() != XmlNodeType.Element)
            {
                return root;
            }

            root = new DocumentRoot(AttributeOf(reader, "wikiid"), AttributeOf(reader, "event-time"), PageId: null);
            return root with { PageId = FindPageId(reader) };
        }
        catch (Exception exception) when (exception is XmlException or ArgumentException)
        {
            return root;
        }
    }

    // Common encodings have these bytes before the first '<'.
    private static bool MayBeMarkup(ReadOnlySpan<byte> part, bool isAll)
    {
        var first = part.IndexOfAnyExcept(s_beforeMarkup);
        return first < 0 ? !isAll : part[first] == '<';
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
