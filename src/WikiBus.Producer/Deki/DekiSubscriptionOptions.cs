namespace WikiBus.Producer;

/// <summary>The settings of one subscription at a pub/sub service of Dream.</summary>
public sealed class DekiSubscriptionOptions
{
    /// <summary>The service's subscribers, as <c>http://localhost:8192/pubsub/subscribers</c>. It is needed.</summary>
    public Uri? SubscribersUri { get; set; }

    /// <summary>
    /// A key of the service that may subscribe, sent as the cookie <c>service-key</c>; null for none.
    /// </summary>
    public string? ApiKey { get; set; }

    /// <summary>
    /// The URI that identifies the subscriber. A service has at most one set for an owner. It is needed.
    /// </summary>
    public Uri? OwnerUri { get; set; }

    /// <summary>Where the service delivers events, as <c>MapDekiRecipient</c> maps it. It is needed.</summary>
    public Uri? RecipientUri { get; set; }

    /// <summary>
    /// The secret of the recipient (<see cref="DekiRecipientOptions.Secret"/>), which the service sends with each event
    /// as the cookie <c>service-key</c>; null for none.
    /// </summary>
    public string? RecipientSecret { get; set; }

    /// <summary>
    /// The channels, such as <c>event://*/deki/pages/*</c>; a last part <c>*</c> means everything below. At least one.
    /// </summary>
    public IList<string> Channels { get; } = [];

    /// <summary>What events have to be about, as patterns of URIs; none for everything.</summary>
    public IList<string> Resources { get; } = [];

    /// <summary>The key of the wiki that entitles to its events, if the service asks the wiki; null for none.</summary>
    public string? AuthToken { get; set; }

    /// <summary>
    /// Opens the set at the service. It has to be the same at each start, so that a set of an earlier start can be
    /// replaced: 1 to 64 letters, digits, <c>-</c>, <c>_</c>, <c>.</c> and <c>~</c>. It is needed.
    /// </summary>
    public string? AccessKey { get; set; }

    /// <summary>Deletes the set, and what waits for it, when the host stops; false by default.</summary>
    public bool DeleteAtStop { get; set; }

    /// <summary>The time for a request and its answer; 10 s by default.</summary>
    public TimeSpan Timeout { get; set; } = TimeSpan.FromSeconds(10);
}
