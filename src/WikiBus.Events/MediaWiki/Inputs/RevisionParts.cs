namespace WikiBus.Events.MediaWiki;

/// <summary>The parts of a revision that can be hidden, with the values of MediaWiki's <c>rev_deleted</c>.</summary>
[Flags]
public enum RevisionParts
{
    /// <summary>No part.</summary>
    None = 0,

    /// <summary>The text.</summary>
    Text = 1,

    /// <summary>The comment.</summary>
    Comment = 2,

    /// <summary>The author.</summary>
    User = 4,

    /// <summary>The hidden parts are hidden from administrators, too.</summary>
    Restricted = 8,
}
