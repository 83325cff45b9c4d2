using System.Net;
using WikiBus.Server.Access.Rights;
using WikiBus.Server.Deliveries.Guard;
using WikiBus.Server.Deliveries.Sending;
using WikiBus.Server.Deliveries.Settings;
using WikiBus.Server.Dream.Settings;

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

    /// <summary>Of a service that was linked until the last start.</summary>
    public TargetNetworks OfFormer(Uri service) => ForHosts(options, [service.DnsSafeHost]);

    /// <summary>The connections that it uses, apart from those of webhooks.</summary>
    public static string PoolOf(string owner) => $"dream:{owner}";

    private static TargetNetworks ForHosts(DeliveriesOptions options, IEnumerable<string> hosts) => new(
        [.. options.AllowedNetworks, .. hosts.Where(IsAddress).Select(NetworkOf)],
        hosts.Where(static host => !IsAddress(host)));

    private static bool IsAddress(string host) => IPAddress.TryParse(host, out _);

    private static string NetworkOf(string address) => IPAddress.Parse(address).ToString();
}
