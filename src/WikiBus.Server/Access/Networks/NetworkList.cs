using System.Net;
using System.Net.Sockets;

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

    /// <summary>
    /// Reads an address, or a network in CIDR form; bits behind the prefix become 0. The address must be whole:
    /// <see cref="IPAddress"/> also reads <c>10</c>, <c>1.2</c> and <c>010.0.0.0</c> (octal), which are mistakes here.
    /// </summary>
    public static bool TryParse(string text, out IPNetwork network)
    {
        network = default;
        var slash = text.IndexOf('/', StringComparison.Ordinal);
        var host = slash < 0 ? text : text[..slash];
        if (!IPAddress.TryParse(host, out var address) || !IsWhole(address, host))
        {
            return false;
        }

        var prefix = slash < 0 ? $"{address.GetAddressBytes().Length * 8}" : text[(slash + 1)..];
        return IPNetwork.TryParse($"{host}/{prefix}", out network);
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

    private static bool IsWhole(IPAddress address, string text) =>
        address.AddressFamily == AddressFamily.InterNetwork
            ? address.ToString() == text
            : !text.StartsWith('[');
}
