namespace WikiBus.Server.Access.Keys;

/// <summary>The outcome of a change of the keys.</summary>
internal enum KeyOutcome
{
    Done,

    /// <summary>There is no key with this id.</summary>
    NotFound,

    /// <summary>Another key has this id.</summary>
    IdTaken,

    /// <summary>A key had this id, and was revoked.</summary>
    IdRevoked,

    /// <summary>A key already has this secret.</summary>
    SecretTaken,

    /// <summary>There are <c>Access:KeyCountMax</c> keys.</summary>
    Full,

    /// <summary><see cref="KeyTable.RevokedIdCountMax"/> keys were revoked.</summary>
    RevokedFull,
}
