using WikiBus.Schemas;

namespace WikiBus.Server.Intake;

/// <summary>
/// The members of an event that intake looks at, found in one pass. Members that are not there have kind None.
/// </summary>
internal struct EventView
{
    public JsonNode Schema;
    public JsonNode Meta;
    public JsonNode Signature;
    public JsonNode Database;
    public JsonNode WikiId;
    public JsonNode Wiki;
    public JsonNode PageId;
    public JsonNode Page;
    public JsonNode Title;
    public JsonNode UserText;
    public JsonNode User;
    public JsonNode Stream;
    public JsonNode Id;
    public JsonNode Time;
    public JsonNode Domain;
    public JsonNode Uri;

    /// <summary>Reads an object that has no member twice.</summary>
    public static EventView Of(JsonNode @event)
    {
        var view = default(EventView);
        for (var members = @event.GetEnumerator(); members.MoveNext();)
        {
            view.Take(members.Name, members.Current);
        }

        if (view.Meta.Kind == JsonKind.Object)
        {
            for (var members = view.Meta.GetEnumerator(); members.MoveNext();)
            {
                view.TakeOfMeta(members.Name, members.Current);
            }
        }

        return view;
    }

    /// <summary>A string's text; empty for any other kind.</summary>
    public static ReadOnlyMemory<byte> Text(JsonNode node) => node.Kind == JsonKind.String ? node.GetUtf8() : default;

    private void Take(JsonNode name, JsonNode value)
    {
        var plain = Plain(name);
        switch (plain.Length)
        {
            case 4 when plain.SequenceEqual("meta"u8): Meta = value; break;
            case 4 when plain.SequenceEqual("wiki"u8): Wiki = value; break;
            case 4 when plain.SequenceEqual("page"u8): Page = value; break;
            case 4 when plain.SequenceEqual("user"u8): User = value; break;
            case 5 when plain.SequenceEqual("title"u8): Title = value; break;
            case 7 when plain.SequenceEqual("$schema"u8): Schema = value; break;
            case 7 when plain.SequenceEqual("wiki_id"u8): WikiId = value; break;
            case 7 when plain.SequenceEqual("page_id"u8): PageId = value; break;
            case 8 when plain.SequenceEqual("database"u8): Database = value; break;
            case 9 when plain.SequenceEqual("user_text"u8): UserText = value; break;
            case 19 when plain.SequenceEqual("mediawiki_signature"u8): Signature = value; break;
        }
    }

    private void TakeOfMeta(JsonNode name, JsonNode value)
    {
        var plain = Plain(name);
        switch (plain.Length)
        {
            case 2 when plain.SequenceEqual("id"u8): Id = value; break;
            case 2 when plain.SequenceEqual("dt"u8): Time = value; break;
            case 3 when plain.SequenceEqual("uri"u8): Uri = value; break;
            case 6 when plain.SequenceEqual("domain"u8): Domain = value; break;
            case 6 when plain.SequenceEqual("stream"u8): Stream = value; break;
        }
    }

    private static ReadOnlySpan<byte> Plain(JsonNode name)
    {
        var raw = name.Raw[1..^1];
        return raw.Contains((byte)'\\') ? name.GetUtf8().Span : raw;
    }
}
