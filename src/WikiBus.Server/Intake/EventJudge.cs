using WikiBus.Events;
using WikiBus.Json;
using WikiBus.Schemas;
using WikiBus.Storage;

namespace WikiBus.Server.Intake;

/// <summary>Fills, checks and validates one event whose schema is known, and makes its record.</summary>
internal sealed class EventJudge(StreamCheck streamCheck, EventLog log)
{
    private const int ViolationsPerEventMax = 100;

    /// <summary>Judges an event; if it is accepted, its draft is added to the batch.</summary>
    /// <param name="batch">The request that it came in.</param>
    /// <param name="received">The event as it came.</param>
    /// <param name="given">Its members.</param>
    /// <param name="schema">The schema that it names.</param>
    /// <param name="plan">What events of this schema get when they lack it.</param>
    /// <param name="origin">Who sent it.</param>
    public EventVerdict Judge(
        IntakeBatch batch, JsonTapeValue received, in EventView given, CompiledSchema schema, FillField[] plan,
        EventOrigin origin)
    {
        if (!TryFill(batch, received, given.Meta, plan, origin, out var filled))
        {
            return Judge(batch, received, given, received, given, schema, origin);
        }

        EventView.Read(filled, out var view);
        return Judge(batch, received, given, filled, view, schema, origin);
    }

    private EventVerdict Judge(
        IntakeBatch batch, JsonTapeValue received, in EventView given, JsonTapeValue filled, in EventView view,
        CompiledSchema schema, EventOrigin origin)
    {
        var stream = streamCheck.Find(view, schema, origin, ref batch.Admitted, out var fault);

        // A signature covers the members and their order: such an event is kept as it came.
        var isSigned = view.Signature.Kind != JsonKind.None;
        if (fault is not null)
        {
            // What is no stream's name breaks the schema too as a rule, which then says more.
            return stream is null && view.Stream.Kind == JsonKind.String && !schema.Validate(filled)
                ? Violations(batch, received, filled, isSigned, schema)
                : EventVerdict.Refuse(received.RawMemory, fault);
        }

        batch.Defaults.Clear();
        if (!schema.Validate(filled, null, batch.Defaults))
        {
            return Violations(batch, received, filled, isSigned, schema);
        }

        var id = origin.IsAlwaysNew ? default : EventView.Text(given.Id);
        if (id.Length > EventIdentity.IdBytesMax)
        {
            return EventVerdict.Refuse(
                received.RawMemory, $"meta.id is longer than {EventIdentity.IdBytesMax} bytes.");
        }

        var identity = EventIdentity.Of(received.Raw, id.Span, EventView.TextSpan(given.Time), log.HashSeed);
        var payload = isSigned ? received.RawMemory : WithDefaults(batch, filled);
        var metaEnd = isSigned
            ? MetaEnd(received, given.Meta)
            : MetaEnd(filled, view.Meta) + JsonSplice.Shift(view.Meta.End - 1, batch.Defaults);
        var draft = BuildRecord(stream!, view, payload, metaEnd, identity, origin.Publisher, batch.Arena);
        if (draft is null)
        {
            return EventVerdict.Refuse(
                received.RawMemory, $"The event's attributes have more than {AttributeWriter.BytesMax} bytes.");
        }

        batch.Drafts.Add(draft);
        return EventVerdict.Accept(payload);
    }

    private static int MetaEnd(JsonTapeValue @event, JsonTapeValue meta) =>
        meta.Kind == JsonKind.Object ? meta.End - 1 - @event.Start : -1;

    /// <summary>The event with what it lacked, on the batch's second tape; false when it lacks nothing.</summary>
    private static bool TryFill(
        IntakeBatch batch, JsonTapeValue received, JsonTapeValue meta, FillField[] plan, EventOrigin origin,
        out JsonTapeValue filled)
    {
        filled = received;
        EventFiller.List(received, meta, plan, origin, batch);
        if (batch.Insertions.Count == 0)
        {
            return false;
        }

        JsonSplice.Write(received.Raw, received.Start, batch.Insertions, batch.Arena);
        if (!batch.EventTape.TryParse(batch.Arena.Take(), out var fault))
        {
            throw new InvalidOperationException($"Filling in broke an event: {fault.Message}");
        }

        filled = batch.EventTape.Root;
        return true;
    }

    private static ReadOnlyMemory<byte> WithDefaults(IntakeBatch batch, JsonTapeValue filled)
    {
        if (batch.Defaults.Count == 0)
        {
            return filled.RawMemory;
        }

        JsonSplice.Write(filled.Raw, filled.Start, batch.Defaults, batch.Arena);
        return batch.Arena.Take();
    }

    // Validation stopped at the first violation; this collects them, and the defaults that the answer shows.
    private static EventVerdict Violations(
        IntakeBatch batch, JsonTapeValue received, JsonTapeValue filled, bool isSigned, CompiledSchema schema)
    {
        var violations = new List<SchemaError>();
        batch.Defaults.Clear();
        var room = IntakeBatch.ViolationsMax - batch.ViolationCount;
        schema.Validate(filled, violations, batch.Defaults, Math.Clamp(room, 1, ViolationsPerEventMax));
        return EventVerdict.Violate(isSigned ? received.RawMemory : WithDefaults(batch, filled), violations);
    }

    /// <summary>Makes a record; null when its attributes are too large.</summary>
    /// <param name="stream">The stream's name.</param>
    /// <param name="view">The event with all that was filled in.</param>
    /// <param name="payload">The event as it is kept.</param>
    /// <param name="metaEnd">Index in the payload of the byte that closes <c>meta</c>.</param>
    /// <param name="identity">By what a repeat is recognised.</param>
    /// <param name="publisher">The id of the key that it came with.</param>
    /// <param name="arena">Gets the parts of the header.</param>
    private static RecordDraft? BuildRecord(
        string stream, in EventView view, ReadOnlyMemory<byte> payload, int metaEnd, in RecordIdentity identity,
        ReadOnlyMemory<byte> publisher, ByteArena arena)
    {
        var fields = view.Fields;
        EventHeader.WriteKey(fields, arena);
        var key = arena.Take();
        EventHeader.WriteChannel(fields, arena);
        var channel = arena.Take();
        WriteAttributes(fields, EventView.TextSpan(view.Time), publisher.Span, arena);
        var attributes = arena.Take();
        return attributes.Length > AttributeWriter.BytesMax ? null : new RecordDraft
        {
            Stream = stream,
            Payload = payload,
            Key = key,
            Channel = channel,
            Id = EventView.Text(view.Id),
            Attributes = attributes,
            MetaEnd = metaEnd,
            Identity = identity,
        };
    }

    private static void WriteAttributes(
        in EventFields fields, ReadOnlySpan<byte> time, ReadOnlySpan<byte> publisher, ByteArena arena)
    {
        var attributes = new AttributeWriter(arena);
        Add(attributes, "wiki"u8, EventHeader.Wiki(fields));
        Add(attributes, "publisher"u8, publisher);
        Add(attributes, "resource"u8, EventHeader.Resource(fields));
        Add(attributes, "time"u8, time);
    }

    private static void Add(AttributeWriter attributes, ReadOnlySpan<byte> name, ReadOnlySpan<byte> value)
    {
        if (!value.IsEmpty)
        {
            attributes.Add(name, value);
        }
    }
}
