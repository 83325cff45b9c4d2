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

    /// <summary>
    /// Have subscriptions. They get what the key may read: without <see cref="Read"/>, only public streams.
    /// </summary>
    Subscribe = 8,

    /// <summary>
    /// Read the full combined set of Dream subscriptions with its tokens, for other pub/sub services.
    /// </summary>
    Chain = 16,
}
