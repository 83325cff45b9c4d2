using System.Buffers;
using System.Text;
using WikiBus.Json;
using WikiBus.Schemas;
using WikiBus.Server.Http;

namespace WikiBus.Server.Intake.Filling;

/// <summary>Adds the members that events lack, one event at a time. Not safe for concurrent use.</summary>
internal sealed class EventFiller
{
    private readonly FillTree _missing = new();
    private readonly List<SchemaDefault> _insertions = [];
    private readonly JsonTape _tape = new();

    /// <summary>Bytes of memory that the filler keeps when it is cleared.</summary>
    public int HeldBytes => _tape.HeldBytes;

    /// <summary>Adds the members that the event lacks; one that is null is not missing.</summary>
    /// <param name="event">The event.</param>
    /// <param name="meta">Its member <c>meta</c>.</param>
    /// <param name="fields">The members that events of its schema get.</param>
    /// <param name="origin">The source of the values.</param>
    /// <param name="arena">Gets the filled event's text.</param>
    /// <param name="filled">The filled event, valid until the next call; else the event itself.</param>
    /// <returns>False if the event lacks nothing.</returns>
    public bool TryFill(
        JsonTapeValue @event,
        JsonTapeValue meta,
        FillField[] fields,
        EventOrigin origin,
        ByteArena arena,
        out JsonTapeValue filled)
    {
        filled = @event;
        ListInsertions(@event, meta, fields, origin, arena);
        if (_insertions.Count == 0)
        {
            return false;
        }

        JsonSplice.Write(@event.Raw, @event.Start, _insertions, arena);
        if (!_tape.TryParse(arena.Take(), out var fault))
        {
            throw new InvalidOperationException($"Filling in broke an event: {fault.Message}");
        }

        filled = _tape.Root;
        return true;
    }

    /// <summary>Forgets the last event, and keeps the memory.</summary>
    public void Clear()
    {
        _missing.Clear();
        _insertions.Clear();
        _tape.Clear();
    }

    private void ListInsertions(
        JsonTapeValue @event, JsonTapeValue meta, FillField[] fields, EventOrigin origin, ByteArena arena)
    {
        _insertions.Clear();
        _missing.Clear();
        foreach (var field in fields)
        {
            // In this order, since mostly there is no value, and finding a member is a walk.
            if (MayHaveValue(field, origin) && IsMissing(@event, meta, field) && WriteValue(field, origin, arena))
            {
                _missing.Add(field, arena.Take());
            }
        }

        if (!_missing.IsEmpty)
        {
            _missing.List(@event, _insertions, arena);
        }
    }

    private static bool MayHaveValue(FillField field, EventOrigin origin) => field.Source switch
    {
        FillSource.Header => origin.Header(field.Header) is not null,
        FillSource.SchemaUriParameter => origin.SchemaUri is not null,
        FillSource.StreamParameter => origin.Stream is not null,
        _ => true,
    };

    // A member is missing if it could be added: each object on the way to it exists as an object, or is missing, too.
    private static bool IsMissing(JsonTapeValue @event, JsonTapeValue meta, FillField field)
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
