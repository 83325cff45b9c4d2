namespace WikiBus.Events.Deki;

/// <summary>A ban of users and addresses.</summary>
public sealed record DekiBan
{
    /// <summary>The ban's id, at least 1.</summary>
    public required long Id { get; init => field = Check.Id(value, nameof(Id)); }

    /// <summary>The id of the user who made it.</summary>
    public required long By { get; init => field = Check.Id(value, nameof(By)); }

    /// <summary>Why; null if nobody gave a reason.</summary>
    public string? Reason { get; init; }

    /// <summary>The banned IP addresses.</summary>
    public IReadOnlyList<string> Addresses { get; init => field = Texts(value); } = [];

    /// <summary>The ids of the banned users.</summary>
    public IReadOnlyList<long> UserIds { get; init => field = Ids(value); } = [];

    private static IReadOnlyList<string> Texts(IReadOnlyList<string> addresses)
    {
        ArgumentNullException.ThrowIfNull(addresses, nameof(Addresses));
        return [.. addresses.Select(address => Check.Text(address, nameof(Addresses)))];
    }

    private static IReadOnlyList<long> Ids(IReadOnlyList<long> ids)
    {
        ArgumentNullException.ThrowIfNull(ids, nameof(UserIds));
        return [.. ids.Select(id => Check.Id(id, nameof(UserIds)))];
    }
}
