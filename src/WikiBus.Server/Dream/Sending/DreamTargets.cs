using System.Net;
using WikiBus.Server.Access.Rights;
using WikiBus.Server.Deliveries.Guard;
using WikiBus.Server.Deliveries.Sending;
using WikiBus.Server.Deliveries.Settings;
using WikiBus.Server.Dream.Settings;
using WikiBus.Server.Dream.Tables;

namespace WikiBus.Server.Dream.Sending;

/// <summary>
/// What destinations of sets may be: what the key of the set's owner allows. Sets of the configuration are those of
/// linked services, which may have any address. Safe for concurrent use.
/// </summary>
internal sealed class DreamTargets(OwnerNetworks networks, DeliveriesOptions options, ChainLinks links)
{
    private readonly TargetNetworks _ofLinks = ForHosts(
        options, links.All.Select(static link => link.Uri.DnsSafeHost).Distinct(StringComparer.OrdinalIgnoreCase));

    public TargetNetworks Of(string owner) => owner == Caller.ConfigurationId ? _ofLinks : networks.Of(owner);

    /// <summary>
    /// Of an upstream service that was linked until the last start: its host, which the owner of the set here names.
    /// What other services say about themselves opens no network.
    /// </summary>
    public TargetNetworks OfFormer(StoredSet set) =>
        set.IsOfUpstream && Uri.TryCreate(set.Set.Owner, UriKind.Absolute, out var owner)
            ? ForHosts(options, [owner.DnsSafeHost])
            : _ofLinks;

    /// <summary>The connections that it uses, apart from those of webhooks.</summary>
    public static string PoolOf(string owner) => $"dream:{owner}";

    private static TargetNetworks ForHosts(DeliveriesOptions options, IEnumerable<string> hosts) => new(
        [.. options.AllowedNetworks, .. hosts.Where(IsAddress).Select(NetworkOf)],
        hosts.Where(static host => !IsAddress(host)));

    private static bool IsAddress(string host) => IPAddress.TryParse(host, out _);

    private static string NetworkOf(string address) => IPAddress.Parse(address).ToString();
}
