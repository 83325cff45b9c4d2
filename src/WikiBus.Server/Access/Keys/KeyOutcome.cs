namespace WikiBus.Server.Access;

/// <summary>How a change of the keys went.</summary>
internal enum KeyOutcome
{
    Done,

    /// <summary>There is no key with this id.</summary>
    NotFound,

    /// <summary>There is a key with this id already.</summary>
    IdTaken,

    /// <summary>A key has this secret already.</summary>
    SecretTaken,

    /// <summary>There are <c>Access:KeyCountMax</c> keys.</summary>
    Full,
}
