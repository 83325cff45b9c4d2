namespace WikiBus.Events.Deki;

/// <summary>
/// An event's document, read by <c>DekiEvent.Parse</c>. Members that the document lacks are null or empty.
/// </summary>
public sealed record DekiEventDocument
{
    /// <summary>The wiki's id (<c>wikiid</c>).</summary>
    public required string WikiId { get; init; }

    /// <summary>When it happened, in whole seconds (<c>event-time</c>).</summary>
    public required DateTimeOffset Time { get; init; }

    /// <summary>The event's channel.</summary>
    public required string Channel { get; init; }

    /// <summary>The URI of what changed, in the API.</summary>
    public string? Uri { get; init; }

    /// <summary>The URI of a comment's page, in the API (<c>uri.page</c>).</summary>
    public string? PageUri { get; init; }

    /// <summary>
    /// The path at which browsers find the page, the user or the comment; the path of a file in the API.
    /// </summary>
    public string? Path { get; init; }

    /// <summary>A moved page's path before the move (<c>previous-path</c>).</summary>
    public string? PreviousPath { get; init; }

    /// <summary>The page's id (<c>pageid</c>).</summary>
    public long? PageId { get; init; }

    /// <summary>The file's id (<c>fileid</c>).</summary>
    public long? FileId { get; init; }

    /// <summary>
    /// The user whom the event is about, the owner of a property, or who wrote a comment (<c>userid</c>).
    /// </summary>
    public long? UserId { get; init; }

    /// <summary>The user who acted (<c>user/@id</c>).</summary>
    public long? ActingUserId { get; init; }

    /// <summary>Whether the user who acted is not logged in (<c>user/@anonymous</c>).</summary>
    public bool? IsActingUserAnonymous { get; init; }

    /// <summary>Where the page's or file's content is (<c>content.uri</c>), or that of a comment or property.</summary>
    public string? ContentUri { get; init; }

    /// <summary>Where the current revision of the page or file is (<c>revision.uri</c>).</summary>
    public string? RevisionUri { get; init; }

    /// <summary>Where the page's tags are (<c>tags.uri</c>).</summary>
    public string? TagsUri { get; init; }

    /// <summary>Where the page's comments are (<c>comments.uri</c>).</summary>
    public string? CommentsUri { get; init; }

    /// <summary>The revision to which a page was set back (<c>reverted-to</c>).</summary>
    public long? RevertedTo { get; init; }

    /// <summary>How a change of security applies to the pages below (<c>security/@cascade</c>).</summary>
    public DekiCascade? Cascade { get; init; }

    /// <summary>A property's name (<c>name</c>).</summary>
    public string? PropertyName { get; init; }

    /// <summary>The type of a comment's or property's content.</summary>
    public string? ContentType { get; init; }

    /// <summary>The size of a property's content, in bytes (<c>content/@size</c>).</summary>
    public long? ContentSize { get; init; }

    /// <summary>A comment's or property's content; null if it is not in the document.</summary>
    public string? Content { get; init; }

    /// <summary>The content type of a message (<c>body/@content-type</c>).</summary>
    public string? BodyType { get; init; }

    /// <summary>A message: its text if it is plain text, otherwise XML.</summary>
    public string? Body { get; init; }

    /// <summary>A ban's id (<c>banid</c>).</summary>
    public long? BanId { get; init; }

    /// <summary>Who made a ban (<c>by</c>).</summary>
    public long? BannedBy { get; init; }

    /// <summary>Why there is a ban (<c>reason</c>).</summary>
    public string? BanReason { get; init; }

    /// <summary>The banned addresses.</summary>
    public IReadOnlyList<string> BannedAddresses { get; init; } = [];

    /// <summary>The ids of the banned users.</summary>
    public IReadOnlyList<long> BannedUserIds { get; init; } = [];

    /// <summary>The license's state before (<c>previous-license/@state</c>).</summary>
    public DekiLicenseState? PreviousLicense { get; init; }

    /// <summary>The license's state after (<c>new-license/@state</c>).</summary>
    public DekiLicenseState? NewLicense { get; init; }
}
