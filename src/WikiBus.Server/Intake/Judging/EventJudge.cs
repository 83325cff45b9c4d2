using WikiBus.Events;
using WikiBus.Json;
using WikiBus.Schemas;
using WikiBus.Server.Intake.Filling;
using WikiBus.Storage;
using Debug = System.Diagnostics.Debug;

namespace WikiBus.Server.Intake.Judging;

/// <summary>
/// Judges the events of one batch: fills, checks and validates each, and holds the verdicts and the records of those
/// that are accepted. Both point into the body and into the judge's memory. Not safe for concurrent use.
/// </summary>
internal sealed class EventJudge(StreamCheck streamCheck, EventLog log) : IDisposable
{
    private readonly EventFiller _filler = new();
    private readonly ByteArena _arena = new();
    private readonly List<SchemaDefault> _defaults = [];
    private readonly List<RecordDraft> _drafts = [];
    private readonly HashSet<string> _addedStreams = new(StringComparer.Ordinal);
    private AdmittedStream _admitted;

    /// <summary>One verdict per event, in their order.</summary>
    public EventVerdicts Verdicts { get; } = new();

    /// <summary>One record per accepted event, in their order.</summary>
    public IReadOnlyList<RecordDraft> Drafts => _drafts;

    /// <summary>Bytes of memory that the judge keeps when it is cleared, except the arena's chunk.</summary>
    public int HeldBytes => _filler.HeldBytes;

    /// <summary>Judges an event whose schema is known.</summary>
    /// <param name="received">The event as it came.</param>
    /// <param name="given">Its members.</param>
    /// <param name="schema">The schema that it names.</param>
    /// <param name="plan">The members that events of this schema get when they lack them.</param>
    /// <param name="origin">Who sent it.</param>
    public void Judge(
        JsonTapeValue received, in EventView given, CompiledSchema schema, FillField[] plan, EventOrigin origin)
    {
        if (!_filler.TryFill(received, given.Meta, plan, origin, _arena, out var filled))
        {
            Verdicts.Add(VerdictOn(received, given, received, given, schema, origin));
            return;
        }

        EventView.Read(filled, out var view);
        Verdicts.Add(VerdictOn(received, given, filled, view, schema, origin));
    }

    /// <summary>Adds the verdict on an event that is refused whatever its schema says.</summary>
    public void Refuse(in EventVerdict verdict)
    {
        Debug.Assert(verdict.Status != EventStatus.Accepted, "an accepted event has a record");
        Verdicts.Add(verdict);
    }

    /// <summary>Forgets the batch, and keeps the memory.</summary>
    public void Clear()
    {
        _filler.Clear();
        _arena.Clear();
        _defaults.Clear();
        _drafts.Clear();
        _addedStreams.Clear();
        _admitted = default;
        Verdicts.Clear();
    }

    public void Dispose() => _arena.Dispose();

    private EventVerdict VerdictOn(
        JsonTapeValue received, in EventView given, JsonTapeValue filled, in EventView view, CompiledSchema schema,
        EventOrigin origin)
    {
        var stream = streamCheck.Find(view, schema, origin, ref _admitted, _addedStreams, out var fault);

        // A signature covers the members and their order, so a signed event is kept as it came.
        var isSigned = view.Signature.Kind != JsonKind.None;
        if (fault is not null)
        {
            // A bad stream name mostly violates the schema, too, and the violation says more.
            return stream is null && view.Stream.Kind == JsonKind.String && !schema.Validate(filled)
                ? Violations(received, filled, isSigned, schema)
                : EventVerdict.Refuse(received.RawMemory, fault.Message, fault.Reason);
        }

        _defaults.Clear();
        if (!schema.Validate(filled, null, _defaults))
        {
            return Violations(received, filled, isSigned, schema);
        }

        var id = origin.IsAlwaysNew ? default : EventView.Text(given.Id);
        if (id.Length > EventIdentity.IdBytesMax)
        {
            return EventVerdict.Refuse(
                received.RawMemory, $"meta.id is longer than {EventIdentity.IdBytesMax} bytes.");
        }

        var identity = EventIdentity.Of(received.Raw, id.Span, EventView.TextSpan(given.Time), log.HashSeed);
        var payload = isSigned ? received.RawMemory : WithDefaults(filled);
        var metaEnd = isSigned
            ? MetaEnd(received, given.Meta)
            : MetaEnd(filled, view.Meta) + JsonSplice.Shift(view.Meta.End - 1, _defaults);
        var draft = BuildRecord(stream!, view, payload, metaEnd, identity, origin.Publisher);
        if (draft is null)
        {
            return EventVerdict.Refuse(
                received.RawMemory, $"The event's attributes have more than {AttributeWriter.BytesMax} bytes.");
        }

        if (draft.Stream != _admitted.Name && !log.HasStream(draft.Stream))
        {
            _addedStreams.Add(draft.Stream);
        }

        _drafts.Add(draft);
        return EventVerdict.Accept(payload);
    }

    private static int MetaEnd(JsonTapeValue @event, JsonTapeValue meta) =>
        meta.Kind == JsonKind.Object ? meta.End - 1 - @event.Start : -1;

    private ReadOnlyMemory<byte> WithDefaults(JsonTapeValue filled)
    {
        if (_defaults.Count == 0)
        {
            return filled.RawMemory;
        }

        JsonSplice.Write(filled.Raw, filled.Start, _defaults, _arena);
        return _arena.Take();
    }

    // The first validation stopped at the first violation. This one collects them, and the defaults for the answer.
    private EventVerdict Violations(JsonTapeValue received, JsonTapeValue filled, bool isSigned, CompiledSchema schema)
    {
        var violations = new List<SchemaError>();
        _defaults.Clear();
        schema.Validate(filled, violations, _defaults, Verdicts.ViolationRoom);
        return EventVerdict.Violate(isSigned ? received.RawMemory : WithDefaults(filled), violations);
    }

    /// <summary>Makes a record; null when its attributes are too large.</summary>
    /// <param name="stream">The stream's name.</param>
    /// <param name="view">The event with everything that was filled in.</param>
    /// <param name="payload">The event as it is kept.</param>
    /// <param name="metaEnd">Index in the payload of the byte that closes <c>meta</c>.</param>
    /// <param name="identity">What the log recognises a repeat by.</param>
    /// <param name="publisher">The id of the sender's key.</param>
    private RecordDraft? BuildRecord(
        string stream, in EventView view, ReadOnlyMemory<byte> payload, int metaEnd, in RecordIdentity identity,
        ReadOnlyMemory<byte> publisher)
    {
        var fields = view.Fields;
        EventHeader.WriteKey(fields, _arena);
        var key = _arena.Take();
        EventHeader.WriteChannel(fields, _arena);
        var channel = _arena.Take();
        WriteAttributes(fields, EventView.TextSpan(view.Time), publisher.Span);
        var attributes = _arena.Take();
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

    private void WriteAttributes(in EventFields fields, ReadOnlySpan<byte> time, ReadOnlySpan<byte> publisher)
    {
        var attributes = new AttributeWriter(_arena);
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
