namespace WikiBus.Producer;

/// <summary>
/// The settings for the events of MindTouch Deki. The comments name the settings of Deki that mean the same.
/// </summary>
public sealed class DekiOptions
{
    /// <summary>
    /// Where events are posted, as <c>http://localhost:8192/pubsub/publish</c> (<c>uri.pubsub</c>, and
    /// <c>/publish</c>).
    /// </summary>
    public Uri? PublishUri { get; set; }

    /// <summary>
    /// The key for posting (<c>apikey</c>, or the value of a <c>set-cookie</c>). It is sent as the cookie
    /// <c>service-key</c>; null sends none.
    /// </summary>
    public string? ApiKey { get; set; }

    /// <summary>The wiki's id (<c>wikis/config/@id</c>), which channels have as their host.</summary>
    public string WikiId { get; set; } = "default";

    /// <summary>The public URI of the wiki's API, as <c>http://wiki.example.org/@api/deki</c>.</summary>
    public Uri? ApiUri { get; set; }

    /// <summary>
    /// Whether events about views of pages are sent (<c>events/enable-page-view-events</c>); false by default.
    /// </summary>
    public bool EnablePageViewEvents { get; set; }

    /// <summary>How long the answer to a posted event may take; 10 s by default, at most 1 h.</summary>
    public TimeSpan Timeout { get; set; } = TimeSpan.FromSeconds(10);
}
