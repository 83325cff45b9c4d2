namespace WikiBus.Events.MediaWiki;

/// <summary>One content of a revision.</summary>
public sealed record RevisionSlot
{
    /// <summary>Its role; every revision has one <c>main</c>.</summary>
    public string Role { get; init => field = Require.Text(value); } = "main";

    /// <summary>The kind of content.</summary>
    public string ContentModel { get; init => field = Require.Text(value); } = "wikitext";

    /// <summary>The form in which the content is stored; null leaves it out of the events.</summary>
    public string? ContentFormat { get; init => field = Require.Unicode(value); } = "text/x-wiki";

    /// <summary>SHA-1 of the content, base 36, 31 characters.</summary>
    public required string Sha1 { get; init => field = Require.Text(value); }

    /// <summary>The size of the content, in bytes.</summary>
    public required long Size { get; init => field = Require.NotNegative(value); }

    /// <summary>The revision that brought this content; null leaves it out of the events.</summary>
    public long? OriginRevisionId { get; init => field = Require.NotNegative(value); }
}
