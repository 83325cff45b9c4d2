namespace WikiBus.Events.MediaWiki;

/// <summary>A revision of a page.</summary>
public sealed record WikiRevision
{
    /// <summary>Its id, at least 1.</summary>
    public required long Id { get; init => field = Require.Id(value); }

    /// <summary>The page, as it is with this revision.</summary>
    public required WikiPage Page { get; init; }

    /// <summary>The revision before it; 0 if it is the page's first, null if that is not known.</summary>
    public long? ParentId { get; init => field = Require.NotNegative(value); }

    /// <summary>When it was saved.</summary>
    public required DateTimeOffset Time { get; init; }

    /// <summary>SHA-1 of all contents, base 36, 31 characters; that of a single slot is equal.</summary>
    public required string Sha1 { get; init => field = Require.Text(value); }

    /// <summary>The size of all contents, in bytes.</summary>
    public required long Size { get; init => field = Require.NotNegative(value); }

    /// <summary>Whether the author called the change minor.</summary>
    public bool IsMinor { get; init; }

    /// <summary>Who saved it; null if that is not known.</summary>
    public WikiUser? Author { get; init; }

    /// <summary>What the author wrote about it.</summary>
    public WikiComment Comment { get; init; } = new("");

    /// <summary>
    /// The parts that are hidden. Events do not have the comment and the author then; size and SHA-1 stay. A page with
    /// hidden text counts as no redirect.
    /// </summary>
    public RevisionParts Hidden { get; init; }

    /// <summary>The contents, one of them with the role <c>main</c>; no role is there twice.</summary>
    public required IReadOnlyList<RevisionSlot> Slots { get; init => field = WithMain(value); }

    /// <summary>The slot with the role <c>main</c>.</summary>
    internal RevisionSlot Main => Slots.First(IsMain);

    private static IReadOnlyList<RevisionSlot> WithMain(IReadOnlyList<RevisionSlot> slots)
    {
        Require.MemberNames([.. slots.Select(static slot => slot.Role)], nameof(slots));
        return slots.Any(IsMain)
            ? slots
            : throw new ArgumentException("One slot must have the role 'main'.", nameof(slots));
    }

    private static bool IsMain(RevisionSlot slot) => slot.Role.Equals("main", StringComparison.Ordinal);
}
