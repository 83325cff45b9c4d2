namespace WikiBus.Events.Deki;

/// <summary>A comment on a page.</summary>
public sealed record DekiComment
{
    /// <summary>The comment's number on its page, at least 1.</summary>
    public required long Number { get; init => field = Check.Id(value, nameof(Number)); }

    /// <summary>The id of the user who wrote it. Another user may change or delete it.</summary>
    public required long PosterId { get; init => field = Check.Id(value, nameof(PosterId)); }

    /// <summary>Its text. Events have it if it is shorter than 255 UTF-16 units.</summary>
    public required string Content { get; init => field = NotNull(value); }

    /// <summary>The type of its text, as <c>text/plain; charset=utf-8</c>; null if there is none.</summary>
    public string? ContentType { get; init; }

    private static string NotNull(string content)
    {
        ArgumentNullException.ThrowIfNull(content, nameof(Content));
        return content;
    }
}
