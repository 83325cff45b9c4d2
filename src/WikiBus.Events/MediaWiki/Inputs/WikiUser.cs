namespace WikiBus.Events.MediaWiki;

/// <summary>A user, or the performer of a change.</summary>
public sealed record WikiUser
{
    /// <summary>The user's id; 0 for one who is not registered.</summary>
    public long Id { get; init => field = Require.NotNegative(value); }

    /// <summary>The name; the IP address of a user who is not registered. At most 512 bytes.</summary>
    public required string Name { get; init => field = Require.Name(value); }

    /// <summary>All groups that apply, the implicit ones too, as <c>*</c>, <c>user</c>, <c>sysop</c>.</summary>
    public IReadOnlyList<string> Groups { get; init => field = Require.Texts(value); } = [];

    /// <summary>Whether the user is a bot.</summary>
    public bool IsBot { get; init; }

    /// <summary>When the user was registered; null if that is not known.</summary>
    public DateTimeOffset? Registration { get; init; }

    /// <summary>The number of the user's edits; null if that is not known.</summary>
    public long? EditCount { get; init => field = Require.NotNegative(value); }

    /// <summary>Whether the account was made for one who is not logged in. Only in <c>page_change</c>.</summary>
    public bool IsTemporary { get; init; }

    /// <summary>Whether the wiki itself acts by this name. Only in <c>page_change</c> and <c>user_change</c>.</summary>
    public bool IsSystem { get; init; }

    /// <summary>When the user first edited. Only in <c>page_change</c> and <c>user_change</c>.</summary>
    public DateTimeOffset? FirstEdit { get; init; }

    /// <summary>The id in the accounts of all wikis. Only in <c>page_change</c> and <c>user_change</c>.</summary>
    public long? CentralId { get; init => field = Require.NotNegative(value); }

    /// <summary>The number of edits in all wikis. Only in <c>page_change</c> and <c>user_change</c>.</summary>
    public long? GlobalEditCount { get; init => field = Require.NotNegative(value); }

    /// <summary>When the user was first registered in any wiki. Only in <c>user_change</c>.</summary>
    public DateTimeOffset? FirstRegistration { get; init; }

    /// <summary>
    /// The wiki that has the account; null if it is the wiki that the event comes from. Only in <c>page_change</c> and
    /// <c>user_change</c>.
    /// </summary>
    public WikiSite? HomeWiki { get; init; }

    /// <summary>Whether it is the account of somebody who logs in: neither of an IP address, nor temporary.</summary>
    internal bool IsNamed => Id != 0 && !IsTemporary;
}
