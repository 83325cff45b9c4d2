namespace WikiBus.Events;

/// <summary>
/// The fields of a MediaWiki event that decide its record's header: unescaped UTF-8, empty where the event has no such
/// member or one of another type. Filled by whoever has parsed the event; the spans are only read.
/// </summary>
public ref struct EventFields
{
    /// <summary><c>meta.stream</c>, a valid <see cref="StreamName"/>.</summary>
    public ReadOnlySpan<byte> Stream { get; set; }

    /// <summary><c>$schema</c>.</summary>
    public ReadOnlySpan<byte> Schema { get; set; }

    /// <summary><c>meta.domain</c>.</summary>
    public ReadOnlySpan<byte> Domain { get; set; }

    /// <summary><c>meta.uri</c>.</summary>
    public ReadOnlySpan<byte> Uri { get; set; }

    /// <summary><c>database</c>.</summary>
    public ReadOnlySpan<byte> Database { get; set; }

    /// <summary><c>wiki_id</c>.</summary>
    public ReadOnlySpan<byte> WikiId { get; set; }

    /// <summary><c>wiki</c>.</summary>
    public ReadOnlySpan<byte> Wiki { get; set; }

    /// <summary><c>page_id</c>, else <c>page.page_id</c>: the number's digits as they stand in the event.</summary>
    public ReadOnlySpan<byte> PageId { get; set; }

    /// <summary><c>title</c> (only recentchange events are ordered by it).</summary>
    public ReadOnlySpan<byte> Title { get; set; }

    /// <summary><c>user_text</c>, else <c>user.user_text</c>; never the performer's.</summary>
    public ReadOnlySpan<byte> UserText { get; set; }
}
