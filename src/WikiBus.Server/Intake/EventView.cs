using System.Runtime.CompilerServices;
using WikiBus.Schemas;

namespace WikiBus.Server.Intake;

/// <summary>
/// The members of an event that intake looks at, found in one walk. Members that are not there have kind None.
/// </summary>
internal struct EventView
{
    private static readonly JsonMembers _ofEvent = new(
        "$schema", "meta", "mediawiki_signature", "database", "wiki_id", "wiki", "page_id", "page", "title",
        "user_text", "user");

    private static readonly JsonMembers _ofMeta = new("stream", "id", "dt", "domain", "uri");

    private EventMembers _members;
    private MetaMembers _meta;

    public readonly JsonNode Schema => _members[0];

    public readonly JsonNode Meta => _members[1];

    public readonly JsonNode Signature => _members[2];

    public readonly JsonNode Database => _members[3];

    public readonly JsonNode WikiId => _members[4];

    public readonly JsonNode Wiki => _members[5];

    public readonly JsonNode PageId => _members[6];

    public readonly JsonNode Page => _members[7];

    public readonly JsonNode Title => _members[8];

    public readonly JsonNode UserText => _members[9];

    public readonly JsonNode User => _members[10];

    public readonly JsonNode Stream => _meta[0];

    public readonly JsonNode Id => _meta[1];

    public readonly JsonNode Time => _meta[2];

    public readonly JsonNode Domain => _meta[3];

    public readonly JsonNode Uri => _meta[4];

    /// <summary>Reads an object that has no member twice; of any other value nothing is found.</summary>
    public static void Read(JsonNode @event, out EventView view)
    {
        view = default;
        _ofEvent.Find(@event, view._members);
        _ofMeta.Find(view.Meta, view._meta);
    }

    /// <summary>A string's text; empty for any other kind.</summary>
    public static ReadOnlyMemory<byte> Text(JsonNode node) => node.Kind == JsonKind.String ? node.GetUtf8() : default;

    [InlineArray(11)]
    private struct EventMembers
    {
        private JsonNode _first;
    }

    [InlineArray(5)]
    private struct MetaMembers
    {
        private JsonNode _first;
    }
}
