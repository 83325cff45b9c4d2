using WikiBus.Schemas;
using WikiBus.Storage;

namespace WikiBus.Server.Intake;

/// <summary>Fills, checks and validates one event whose schema is known, and makes its record.</summary>
internal sealed class EventJudge(StreamCheck streamCheck, FillPlans plans, ulong hashSeed)
{
    private const int ViolationsPerEventMax = 100;

    /// <summary>Judges an event; if it is accepted, its draft is added to the batch.</summary>
    public EventVerdict Judge(IntakeBatch batch, JsonNode received, CompiledSchema schema, EventOrigin origin)
    {
        var filled = Fill(batch, received, schema, origin);
        var view = EventView.Of(filled);
        var stream = streamCheck.Find(view, schema, origin, out var fault);

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

        var payload = isSigned ? received.RawMemory : WithDefaults(batch, filled);
        var metaEnd = isSigned
            ? MetaEnd(received, received["meta"u8])
            : MetaEnd(filled, view.Meta) + JsonSplice.Shift(view.Meta.End - 1, batch.Defaults);
        return Accept(batch, received, stream!, view, payload, metaEnd, origin);
    }

    private static int MetaEnd(JsonNode @event, JsonNode meta) =>
        meta.Kind == JsonKind.Object ? meta.End - 1 - @event.Start : -1;

    private EventVerdict Accept(
        IntakeBatch batch, JsonNode received, string stream, in EventView view, ReadOnlyMemory<byte> payload,
        int metaEnd, EventOrigin origin)
    {
        var receivedMeta = received["meta"u8];
        var id = origin.IsAlwaysNew ? default : EventView.Text(receivedMeta["id"u8]);
        if (id.Length > EventIdentity.IdBytesMax)
        {
            return EventVerdict.Refuse(received.RawMemory, $"meta.id is longer than {EventIdentity.IdBytesMax} bytes.");
        }

        var identity = EventIdentity.Of(received.Raw, id.Span, EventView.Text(receivedMeta["dt"u8]).Span, hashSeed);
        var draft = RecordBuilder.Build(stream, view, payload, metaEnd, identity, origin.Publisher, batch.Arena);
        if (draft is null)
        {
            return EventVerdict.Refuse(
                received.RawMemory, $"The event's attributes have more than {AttributeWriter.BytesMax} bytes.");
        }

        batch.Drafts.Add(draft);
        return EventVerdict.Accept(payload);
    }

    /// <summary>The event with what it lacked: itself, or a copy on the batch's second tape.</summary>
    private JsonNode Fill(IntakeBatch batch, JsonNode received, CompiledSchema schema, EventOrigin origin)
    {
        EventFiller.List(received, plans.For(schema), origin, batch);
        if (batch.Insertions.Count == 0)
        {
            return received;
        }

        JsonSplice.Write(received.Raw, received.Start, batch.Insertions, batch.Arena);
        return batch.EventTape.TryParse(batch.Arena.Take(), out var fault)
            ? batch.EventTape.Root
            : throw new InvalidOperationException($"Filling in broke an event: {fault.Message}");
    }

    private static ReadOnlyMemory<byte> WithDefaults(IntakeBatch batch, JsonNode filled)
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
        IntakeBatch batch, JsonNode received, JsonNode filled, bool isSigned, CompiledSchema schema)
    {
        var violations = new List<SchemaError>();
        batch.Defaults.Clear();
        var room = IntakeBatch.ViolationsMax - batch.ViolationCount;
        schema.Validate(filled, violations, batch.Defaults, Math.Clamp(room, 1, ViolationsPerEventMax));
        return EventVerdict.Violate(isSigned ? received.RawMemory : WithDefaults(batch, filled), violations);
    }
}
