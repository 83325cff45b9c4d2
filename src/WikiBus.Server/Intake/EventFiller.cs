using System.Buffers;
using System.Text;
using WikiBus.Schemas;
using WikiBus.Server.Http;

namespace WikiBus.Server.Intake;

/// <summary>Finds out what an event lacks and what it gets for it.</summary>
internal static class EventFiller
{
    /// <summary>Lists the members that the event is to get; none of them is there, not even as null.</summary>
    /// <param name="event">The event.</param>
    /// <param name="meta">Its member <c>meta</c>.</param>
    /// <param name="fields">What events of its schema are to have.</param>
    /// <param name="origin">Where the values come from.</param>
    /// <param name="batch">Gets the list: its insertions.</param>
    public static void List(
        JsonNode @event, JsonNode meta, FillField[] fields, EventOrigin origin, IntakeBatch batch)
    {
        batch.Insertions.Clear();
        batch.FillTree.Clear();
        foreach (var field in fields)
        {
            // Asked in this order since mostly there is no value, and looking for a member is a walk.
            if (MayHaveValue(field, origin) && IsMissing(@event, meta, field)
                && WriteValue(field, origin, batch.Arena))
            {
                batch.FillTree.Add(field, batch.Arena.Take());
            }
        }

        if (!batch.FillTree.IsEmpty)
        {
            batch.FillTree.List(@event, batch.Insertions, batch.Arena);
        }
    }

    private static bool MayHaveValue(FillField field, EventOrigin origin) => field.Source switch
    {
        FillSource.Header => origin.Header(field.Header) is not null,
        FillSource.SchemaUriParameter => origin.SchemaUri is not null,
        FillSource.StreamParameter => origin.Stream is not null,
        _ => true,
    };

    // Missing is what could be put there: what lies on the way is an object or is not there either.
    private static bool IsMissing(JsonNode @event, JsonNode meta, FillField field)
    {
        var (node, depth) = field.IsInMeta ? (meta, 1) : (@event, 0);
        for (; node.Kind == JsonKind.Object && depth < field.Path.Length; depth++)
        {
            node = node[field.Path[depth]];
        }

        return node.Kind == JsonKind.None;
    }

    private static bool WriteValue(FillField field, EventOrigin origin, ByteArena output)
    {
        switch (field.Source)
        {
            case FillSource.Now:
                WriteTime(origin.Time, output);
                return true;
            case FillSource.NewId:
                WriteId(origin.Time, output);
                return true;
            case FillSource.Header:
                return WriteText(origin.Header(field.Header), output);
            case FillSource.ClientAddress:
                return WriteText(origin.ClientAddress, output);
            case FillSource.SchemaUriParameter:
                return WriteText(origin.SchemaUri, output);
            default:
                return WriteText(origin.Stream, output);
        }
    }

    private static void WriteTime(DateTimeOffset time, ByteArena output)
    {
        var text = output.GetSpan(EventTime.Length + 2);
        text[0] = text[EventTime.Length + 1] = (byte)'"';
        EventTime.Write(time, text.Slice(1, EventTime.Length));
        output.Advance(EventTime.Length + 2);
    }

    private static void WriteId(DateTimeOffset time, ByteArena output)
    {
        const int IdLength = 36;
        var text = output.GetSpan(IdLength + 2);
        text[0] = text[IdLength + 1] = (byte)'"';
        Guid.CreateVersion7(time).TryFormat(text[1..], out _);
        output.Advance(IdLength + 2);
    }

    private static bool WriteText(string? value, ByteArena output)
    {
        if (value is null)
        {
            return false;
        }

        output.Write("\""u8);
        Encoding.UTF8.GetBytes(JsonOutput.Encoder.Encode(value), output);
        output.Write("\""u8);
        return true;
    }
}
