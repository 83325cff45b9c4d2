namespace WikiBus.Events.MediaWiki;

/// <summary>What an edit takes back.</summary>
public sealed record WikiRevert
{
    /// <summary>How the user did it; null if that is not known.</summary>
    public RevertMethod? Method { get; init => field = Known(value); }

    /// <summary>Whether the page has exactly the former content again.</summary>
    public bool IsExact { get; init; }

    /// <summary>The revision whose content the page has again; null if that is not known.</summary>
    public long? OriginalRevisionId { get; init => field = IdOrNull(value); }

    /// <summary>When that revision was saved; null if that is not known.</summary>
    public DateTimeOffset? OriginalTime { get; init; }

    /// <summary>The oldest revision that was taken back; null if that is not known.</summary>
    public long? OldestRevertedId { get; init => field = IdOrNull(value); }

    /// <summary>The newest revision that was taken back; null if that is not known.</summary>
    public long? NewestRevertedId { get; init => field = IdOrNull(value); }

    private static long? IdOrNull(long? id) => id is { } given ? Require.Id(given) : null;

    private static RevertMethod? Known(RevertMethod? method) =>
        method is null || Enum.IsDefined(method.Value)
            ? method
            : throw new ArgumentOutOfRangeException(nameof(method), method, "No such method is known.");
}
