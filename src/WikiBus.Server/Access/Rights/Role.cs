namespace WikiBus.Server.Access.Rights;

/// <summary>What a key, or a trusted network, may do.</summary>
[Flags]
internal enum Role
{
    None = 0,

    /// <summary>Send events in.</summary>
    Publish = 1,

    /// <summary>Read streams that are not public.</summary>
    Read = 2,

    /// <summary>Everything.</summary>
    Manage = 4,
}
