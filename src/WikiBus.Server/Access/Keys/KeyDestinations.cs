using System.Text;
using WikiBus.Server.Access.Networks;

namespace WikiBus.Server.Access.Keys;

/// <summary>The networks and hosts that a key's destinations may target beyond the public ones.</summary>
internal static class KeyDestinations
{
    public const int NetworkCountMax = 100;
    public const int HostCountMax = 100;
    private const int HostLengthMax = 253;

    /// <summary>
    /// The network of an address or of a text in CIDR form, as keys keep it (<c>10.0.0.0/8</c>); null if there is none.
    /// Addresses that are mapped to IPv6 or have a zone are never connected to, so they are refused.
    /// </summary>
    public static string? FindNetwork(string text) =>
        NetworkList.TryParse(text, out var network)
        && !network.BaseAddress.IsIPv4MappedToIPv6
        && !text.Contains('%', StringComparison.Ordinal)
            ? network.ToString()
            : null;

    /// <summary>
    /// The name of a host in lower case, as requests have it; null if it is not a name in ASCII. An address is none,
    /// nor is a name with a port, a wildcard or a dot at its end.
    /// </summary>
    public static string? FindHost(string text) =>
        text.Length <= HostLengthMax && Ascii.IsValid(text) && TrustedHosts.IsName(text)
            ? text.ToLowerInvariant()
            : null;
}
