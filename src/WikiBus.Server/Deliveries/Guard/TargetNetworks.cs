using System.Net;
using WikiBus.Server.Access.Networks;

namespace WikiBus.Server.Deliveries.Guard;

/// <summary>
/// What an owner of subscriptions may target beyond public addresses. Equal values allow the same.
/// </summary>
internal sealed class TargetNetworks : IEquatable<TargetNetworks>
{
    private readonly NetworkList _networks;
    private readonly HashSet<string> _hosts;
    private readonly string _text;

    /// <param name="networks">Networks in CIDR form, or addresses, whose addresses may be targeted.</param>
    /// <param name="hosts">
    /// Exact host names that may be targeted, whichever address they have. Whoever controls the names' DNS chooses it.
    /// </param>
    public TargetNetworks(IEnumerable<string> networks, IEnumerable<string> hosts)
    {
        var distinct = networks.Distinct(StringComparer.OrdinalIgnoreCase).Order(StringComparer.OrdinalIgnoreCase)
            .ToList();
        _networks = new NetworkList(distinct);
        _hosts = [.. hosts.Select(HostName.Plain)];
        _text = string.Join(' ', [.. distinct, "|", .. _hosts.Order(StringComparer.Ordinal)]);
    }

    /// <summary>Public addresses only.</summary>
    public static TargetNetworks None { get; } = new([], []);

    /// <summary>Is it an entry for the list of networks?</summary>
    public static bool IsNetwork(string text) => NetworkList.TryParse(text, out _);

    /// <summary>Is it an entry for the list of hosts: a host name, without a port, that is no address?</summary>
    public static bool IsHost(string text) => HostName.IsName(HostName.Plain(text));

    /// <summary>Is the address, in its plain form, listed?</summary>
    public bool Has(IPAddress address) => _networks.Contains(address);

    /// <summary>Is the host name listed?</summary>
    public bool HasHost(string host) => _hosts.Contains(HostName.Plain(host));

    public bool Equals(TargetNetworks? other) =>
        other is not null && string.Equals(_text, other._text, StringComparison.OrdinalIgnoreCase);

    public override bool Equals(object? obj) => Equals(obj as TargetNetworks);

    public override int GetHashCode() => StringComparer.OrdinalIgnoreCase.GetHashCode(_text);

    /// <summary>The networks, and after <c>|</c> the hosts.</summary>
    public override string ToString() => _text;
}
