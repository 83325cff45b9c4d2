using System.Diagnostics.CodeAnalysis;
using System.Net;
using System.Net.NetworkInformation;
using System.Net.Sockets;
using WikiBus.Server.Access.Networks;

namespace WikiBus.Server.Deliveries.Guard;

/// <summary>
/// Which addresses a request may go to: public ones, and those that the owner may target. Addresses of this machine
/// are never public. Safe for concurrent use.
/// </summary>
internal sealed class AddressRules(INetwork network, TimeProvider time)
{
    /// <summary>After this time the addresses of this machine are read again.</summary>
    public static readonly TimeSpan OwnAddressAgeMax = TimeSpan.FromSeconds(30);

    /// <summary>
    /// Never targets, also if an owner lists them: they name this machine in another way, or more than one machine.
    /// </summary>
    private static readonly IPNetwork[] s_never = Networks(
        "0.0.0.0/8", "224.0.0.0/4", "255.255.255.255/32", "::/128", "ff00::/8");

    /// <summary>Not public: what IANA reserves for special purposes, and forms that carry an IPv4 address.</summary>
    private static readonly IPNetwork[] s_special = Networks(
        "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12", "192.0.0.0/24",
        "192.0.2.0/24", "192.88.99.0/24", "192.168.0.0/16", "198.18.0.0/15", "198.51.100.0/24", "203.0.113.0/24",
        "240.0.0.0/4", "::1/128", "::/96", "::ffff:0:0:0/96", "64:ff9b::/96", "64:ff9b:1::/48", "100::/64",
        "100:0:0:1::/64", "2001::/23", "2001:db8::/32", "2002::/16", "3fff::/20", "5f00::/16", "fc00::/7", "fe80::/10",
        "fec0::/10");

    private readonly Lock _lock = new();
    private HashSet<IPAddress> _own = [];
    private long _ownReadAt;
    private bool _isOwnRead;

    /// <summary>
    /// Null if the address may be targeted, else the reason: <c>ADDRESS is in NETWORK</c>.
    /// </summary>
    /// <param name="address">Where the connection would go.</param>
    /// <param name="allowed">What the owner may target.</param>
    /// <param name="isHostAllowed">Does the owner list the host name that has the address?</param>
    public string? FindFault(IPAddress address, TargetNetworks allowed, bool isHostAllowed = false)
    {
        // The same address with another zone is another machine, so no list can allow it.
        if (address.AddressFamily == AddressFamily.InterNetworkV6 && address.ScopeId != 0)
        {
            return $"{address} has a zone";
        }

        var plain = NetworkList.Plain(address);
        if (TryFind(s_never, plain, out var never))
        {
            return $"{plain} is in {never}, which is never allowed";
        }

        return isHostAllowed || allowed.Has(plain) ? null
            : TryFind(s_special, plain, out var special) ? $"{plain} is in {special}"
            : IsOwn(plain) ? $"{plain} is an address of the machine that WikiBus runs on"
            : null;
    }

    private static bool TryFind(IPNetwork[] networks, IPAddress address, [NotNullWhen(true)] out string? found)
    {
        foreach (var one in networks)
        {
            if (one.Contains(address))
            {
                found = one.ToString();
                return true;
            }
        }

        found = null;
        return false;
    }

    private bool IsOwn(IPAddress address)
    {
        lock (_lock)
        {
            if (!_isOwnRead || time.GetElapsedTime(_ownReadAt) >= OwnAddressAgeMax)
            {
                ReadOwn();
            }

            return _own.Contains(address);
        }
    }

    private void ReadOwn()
    {
        try
        {
            _own = [.. network.OwnAddresses().Select(NetworkList.Plain)];
            _isOwnRead = true;
            _ownReadAt = time.GetTimestamp();
        }
        catch (NetworkInformationException) when (_isOwnRead)
        {
            // The system cannot list its interfaces now. The addresses of before count until it can.
        }
    }

    private static IPNetwork[] Networks(params string[] texts) => [.. texts.Select(IPNetwork.Parse)];
}
