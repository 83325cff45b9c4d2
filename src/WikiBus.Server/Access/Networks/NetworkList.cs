using System.Net;

namespace WikiBus.Server.Access.Networks;

/// <summary>Networks of IPv4 and IPv6 addresses.</summary>
internal sealed class NetworkList
{
    private readonly IPNetwork[] _networks;

    /// <param name="networks">Texts that <see cref="TryParse"/> can read.</param>
    public NetworkList(IEnumerable<string> networks)
    {
        _networks =
        [
            .. networks.Select(static text => TryParse(text, out var network)
                ? network
                : throw new ArgumentException($"'{text}' is not a network.", nameof(networks))),
        ];
    }

    public bool IsEmpty => _networks.Length == 0;

    /// <summary>Reads an address, or a network in CIDR form.</summary>
    public static bool TryParse(string text, out IPNetwork network)
    {
        if (IPNetwork.TryParse(text, out network))
        {
            return true;
        }

        // IPAddress also reads "10" and "1.2" as addresses. In a configuration they are mistakes.
        if (!IPAddress.TryParse(text, out var address) || !IsWhole(text))
        {
            return false;
        }

        network = new IPNetwork(address, address.GetAddressBytes().Length * 8);
        return true;
    }

    /// <summary>Is the address, as <see cref="Plain"/> returns it, in one of the networks?</summary>
    public bool Contains(IPAddress address)
    {
        foreach (var network in _networks)
        {
            if (network.Contains(address))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>The IPv4 address that an IPv6 address maps, else the address itself.</summary>
    public static IPAddress Plain(IPAddress address) => address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address;

    private static bool IsWhole(string text) =>
        text.Contains(':', StringComparison.Ordinal) || text.Count(static c => c == '.') == 3;
}
