namespace WikiBus.Server.Access.Networks;

/// <summary>Which limit of <see cref="ClientCounts"/> is reached.</summary>
internal enum ClientLimit
{
    /// <summary>Neither.</summary>
    None,

    /// <summary>The limit of all clients together.</summary>
    All,

    /// <summary>The limit of this client.</summary>
    OfClient,
}
