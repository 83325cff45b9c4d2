namespace WikiBus.Server.Dream.Settings;

/// <summary>Another pub/sub service that the configuration names. Immutable.</summary>
/// <param name="Uri">Its <c>subscribers</c>.</param>
/// <param name="Key">A key of that service, sent as the cookie <c>service-key</c>; empty: none.</param>
/// <param name="IsUpstream">True: subscriptions flow to it, and its events come here. False: the other way
/// round.</param>
internal sealed record ChainLink(Uri Uri, string Key, bool IsUpstream)
{
    private const string Subscribers = "/subscribers";

    /// <summary>Of an upstream service: the owner of the set here that sends it the combined set.</summary>
    public string OwnerHere => "upstream" + Uri.AbsoluteUri[Uri.Scheme.Length..];

    /// <summary>A service has one set of this one, so it cannot be linked twice.</summary>
    public bool IsSameService(ChainLink other) => Service.Equals(other.Service, StringComparison.OrdinalIgnoreCase);

    /// <summary>The URI of the service.</summary>
    public string Service
    {
        get
        {
            var text = Uri.GetLeftPart(UriPartial.Path).TrimEnd('/');
            return text.EndsWith(Subscribers, StringComparison.OrdinalIgnoreCase) ? text[..^Subscribers.Length] : text;
        }
    }
}
