namespace WikiBus.Events;

/// <summary>
/// The fields of a MediaWiki event that decide its record's header, as unescaped UTF-8. A field is empty if the event
/// lacks the member, or has one of another type. The caller, which has parsed the event, fills them.
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

    /// <summary><c>page_id</c>, else <c>page.page_id</c>: the number's digits, as written in the event.</summary>
    public ReadOnlySpan<byte> PageId { get; set; }

    /// <summary><c>title</c>, which only the key of recentchange events uses.</summary>
    public ReadOnlySpan<byte> Title { get; set; }

    /// <summary><c>user_text</c>, else <c>user.user_text</c>; not the performer's.</summary>
    public ReadOnlySpan<byte> UserText { get; set; }
}
