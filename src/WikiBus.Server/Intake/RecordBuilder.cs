using WikiBus.Events;
using WikiBus.Schemas;
using WikiBus.Storage;

namespace WikiBus.Server.Intake;

/// <summary>Makes the record of an accepted event: what its header says besides the payload.</summary>
internal static class RecordBuilder
{
    /// <summary>What the header of a record is computed from; the spans are slices of the event.</summary>
    public static EventFields Fields(in EventView view) => new()
    {
        Stream = EventView.TextSpan(view.Stream),
        Schema = EventView.TextSpan(view.Schema),
        Domain = EventView.TextSpan(view.Domain),
        Uri = EventView.TextSpan(view.Uri),
        Database = EventView.TextSpan(view.Database),
        WikiId = EventView.TextSpan(view.WikiId),
        Wiki = EventView.TextSpan(view.Wiki),
        PageId = Number(view.PageId.Kind == JsonKind.None ? view.Page["page_id"u8] : view.PageId),
        Title = EventView.TextSpan(view.Title),
        UserText = EventView.TextSpan(view.UserText.Kind == JsonKind.None ? view.User["user_text"u8] : view.UserText),
    };

    /// <summary>Makes a record; null when its attributes are too large.</summary>
    /// <param name="stream">The stream's name.</param>
    /// <param name="view">The event with all that was filled in.</param>
    /// <param name="payload">The event as it is kept.</param>
    /// <param name="metaEnd">Index in the payload of the byte that closes <c>meta</c>.</param>
    /// <param name="identity">By what a repeat is recognised.</param>
    /// <param name="publisher">The id of the key that it came with.</param>
    /// <param name="arena">Gets the parts of the header.</param>
    public static RecordDraft? Build(
        string stream, in EventView view, ReadOnlyMemory<byte> payload, int metaEnd, in RecordIdentity identity,
        ReadOnlyMemory<byte> publisher, ByteArena arena)
    {
        var fields = Fields(view);
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

    private static ReadOnlySpan<byte> Number(JsonNode node) => node.Kind == JsonKind.Number ? node.Raw : default;
}
