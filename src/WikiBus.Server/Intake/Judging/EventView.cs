using System.Runtime.CompilerServices;
using WikiBus.Events;
using WikiBus.Json;

namespace WikiBus.Server.Intake.Judging;

/// <summary>
/// The members of an event that intake reads, found in one walk. Missing members have kind None.
/// </summary>
internal struct EventView
{
    private static readonly JsonMembers s_ofEvent = new(
        "$schema", "meta", "mediawiki_signature", "database", "wiki_id", "wiki", "page_id", "page", "title",
        "user_text", "user");

    private static readonly JsonMembers s_ofMeta = new("stream", "id", "dt", "domain", "uri");

    private JsonTapeValue _event;

    // Places in the event's tape. The values would be four times as much to clear and to copy.
    private EventMembers _members;
    private MetaMembers _meta;

    public readonly JsonTapeValue Schema => _event.At(_members[0]);

    public readonly JsonTapeValue Meta => _event.At(_members[1]);

    public readonly JsonTapeValue Signature => _event.At(_members[2]);

    public readonly JsonTapeValue Database => _event.At(_members[3]);

    public readonly JsonTapeValue WikiId => _event.At(_members[4]);

    public readonly JsonTapeValue Wiki => _event.At(_members[5]);

    public readonly JsonTapeValue PageId => _event.At(_members[6]);

    public readonly JsonTapeValue Page => _event.At(_members[7]);

    public readonly JsonTapeValue Title => _event.At(_members[8]);

    public readonly JsonTapeValue UserText => _event.At(_members[9]);

    public readonly JsonTapeValue User => _event.At(_members[10]);

    public readonly JsonTapeValue Stream => _event.At(_meta[0]);

    public readonly JsonTapeValue Id => _event.At(_meta[1]);

    public readonly JsonTapeValue Time => _event.At(_meta[2]);

    public readonly JsonTapeValue Domain => _event.At(_meta[3]);

    public readonly JsonTapeValue Uri => _event.At(_meta[4]);

    /// <summary>The fields from which a record's header is computed; the spans are slices of the event.</summary>
    public readonly EventFields Fields => new()
    {
        Stream = TextSpan(Stream),
        Schema = TextSpan(Schema),
        Domain = TextSpan(Domain),
        Uri = TextSpan(Uri),
        Database = TextSpan(Database),
        WikiId = TextSpan(WikiId),
        Wiki = TextSpan(Wiki),
        PageId = Number(PageId.Kind == JsonKind.None ? Page["page_id"u8] : PageId),
        Title = TextSpan(Title),
        UserText = TextSpan(UserText.Kind == JsonKind.None ? User["user_text"u8] : UserText),
    };

    /// <summary>Reads an object without duplicate names. In any other value all members are missing.</summary>
    public static void Read(JsonTapeValue @event, out EventView view)
    {
        view = default;
        view._event = @event;
        s_ofEvent.Find(@event, view._members);
        s_ofMeta.Find(view.Meta, view._meta);
    }

    /// <summary>A string's text; empty for any other kind.</summary>
    public static ReadOnlyMemory<byte> Text(JsonTapeValue node) =>
        node.Kind == JsonKind.String ? node.GetUtf8() : default;

    /// <inheritdoc cref="Text" />
    public static ReadOnlySpan<byte> TextSpan(JsonTapeValue node) =>
        node.Kind != JsonKind.String ? default : node.IsPlain ? node.Raw[1..^1] : node.GetUtf8().Span;

    private static ReadOnlySpan<byte> Number(JsonTapeValue node) => node.Kind == JsonKind.Number ? node.Raw : default;

    [InlineArray(11)]
    private struct EventMembers
    {
        private int _first;
    }

    [InlineArray(5)]
    private struct MetaMembers
    {
        private int _first;
    }
}
