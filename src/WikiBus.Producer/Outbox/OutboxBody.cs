using System.Globalization;
using System.Text;
using System.Text.Json;
using WikiBus.Events.Deki;
using WikiBus.Producer.Sending;

namespace WikiBus.Producer.Outbox;

/// <summary>
/// The bytes of a row. Events of MediaWiki are a JSON array, as they are posted. Of Deki, each event has five lines —
/// id, channel, resource (empty if there is none), origins with commas between them, number of bytes — and then the
/// document.
/// </summary>
internal static class OutboxBody
{
    private const int DekiLineCount = 5;
    private const byte LineEnd = (byte)'\n';

    /// <summary>Puts events of a dialect together.</summary>
    public static byte[] Join(string dialect, IReadOnlyList<ReadOnlyMemory<byte>> events)
    {
        if (dialect == EventSender.Dialect)
        {
            return EventBatches.Write(events);
        }

        var body = new MemoryStream();
        foreach (var item in events)
        {
            body.Write(item.Span);
        }

        return body.ToArray();
    }

    /// <summary>The events of a row.</summary>
    /// <exception cref="FormatException">The row has other bytes.</exception>
    /// <exception cref="JsonException">The row has other bytes.</exception>
    public static List<ReadOnlyMemory<byte>> Split(string dialect, ReadOnlyMemory<byte> body) =>
        dialect == EventSender.Dialect ? SplitList(body) : SplitDeki(body);

    /// <summary>An event of Deki, with its id, in the form of a row.</summary>
    public static byte[] WriteDeki(Guid id, DekiEvent item)
    {
        var document = Encoding.UTF8.GetBytes(item.Document);
        string[] lines =
        [
            id.ToString(), item.Channel, item.Resource ?? "", string.Join(',', item.Origins), $"{document.Length}", "",
        ];
        return [.. Encoding.UTF8.GetBytes(string.Join((char)LineEnd, lines)), .. document];
    }

    /// <summary>Reads what <see cref="WriteDeki"/> wrote.</summary>
    /// <exception cref="FormatException">The bytes are others.</exception>
    public static (string Id, DekiEvent Event) ReadDeki(ReadOnlyMemory<byte> bytes)
    {
        var (lines, length) = ReadLines(bytes.Span);
        return (lines[0], new DekiEvent(
            lines[1],
            lines[2].Length == 0 ? null : lines[2],
            lines[3].Split(','),
            Encoding.UTF8.GetString(bytes.Span[length..])));
    }

    private static List<ReadOnlyMemory<byte>> SplitList(ReadOnlyMemory<byte> body)
    {
        var events = new List<ReadOnlyMemory<byte>>();
        var reader = new Utf8JsonReader(body.Span, new JsonReaderOptions
        {
            MaxDepth = MediaWikiEventCheck.DepthMax + 1,
        });
        if (!reader.Read() || reader.TokenType != JsonTokenType.StartArray)
        {
            throw new FormatException("A row of the outbox has no list of events.");
        }

        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            var start = (int)reader.TokenStartIndex;
            reader.Skip();
            events.Add(body[start..(int)reader.BytesConsumed]);
        }

        return events;
    }

    private static List<ReadOnlyMemory<byte>> SplitDeki(ReadOnlyMemory<byte> body)
    {
        var events = new List<ReadOnlyMemory<byte>>();
        while (body.Length > 0)
        {
            var (lines, length) = ReadLines(body.Span);
            if (!uint.TryParse(lines[DekiLineCount - 1], CultureInfo.InvariantCulture, out var size)
                || size > body.Length - length)
            {
                throw new FormatException("A row of the outbox has no event of Deki.");
            }

            events.Add(body[..(length + (int)size)]);
            body = body[(length + (int)size)..];
        }

        return events;
    }

    private static (string[] Lines, int Length) ReadLines(ReadOnlySpan<byte> bytes)
    {
        var lines = new string[DekiLineCount];
        var length = 0;
        for (var i = 0; i < lines.Length; i++)
        {
            var end = bytes[length..].IndexOf(LineEnd);
            lines[i] = end < 0
                ? throw new FormatException("A row of the outbox has no event of Deki.")
                : Encoding.UTF8.GetString(bytes.Slice(length, end));
            length += end + 1;
        }

        return (lines, length);
    }
}
