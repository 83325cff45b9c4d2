namespace WikiBus.Events.MediaWiki;

/// <summary>What a blocked user may not do. The default blocks all edits, nothing else, and has no end.</summary>
public sealed record UserBlock
{
    /// <summary>Whether the user's name is hidden.</summary>
    public bool HidesName { get; init; }

    /// <summary>Whether the user may not send mail through the wiki.</summary>
    public bool BlocksEmail { get; init; }

    /// <summary>Whether the user may not edit the own talk page.</summary>
    public bool BlocksOwnTalk { get; init; }

    /// <summary>Whether the user may not create accounts.</summary>
    public bool BlocksAccountCreation { get; init; }

    /// <summary>Whether the block holds for every page.</summary>
    public bool IsSitewide { get; init; } = true;

    /// <summary>The pages and namespaces that a partial block holds for.</summary>
    public IReadOnlyList<BlockRestriction> Restrictions { get; init; } = [];

    /// <summary>When the block ends; null if it does not end. Events have whole seconds.</summary>
    public DateTimeOffset? Expiry { get; init; }
}
