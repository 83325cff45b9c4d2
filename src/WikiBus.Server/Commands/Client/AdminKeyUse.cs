namespace WikiBus.Server.Commands.Client;

/// <summary>Whether a verb presents the server's own key, when no other is given.</summary>
internal enum AdminKeyUse
{
    None,

    /// <summary>The verb may succeed without a key.</summary>
    Tried,

    /// <summary>The verb needs a key.</summary>
    Needed,
}
