namespace WikiBus.Events.MediaWiki.Changes;

/// <summary>What an event says of the page that a redirect leads to.</summary>
internal enum RedirectDetail
{
    /// <summary>Nothing.</summary>
    None,

    /// <summary>Its title.</summary>
    Title,

    /// <summary>Its title, its id, and whether it is a redirect, too.</summary>
    WithPage,
}
