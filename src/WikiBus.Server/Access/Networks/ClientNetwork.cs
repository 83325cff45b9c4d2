using System.Net;
using System.Net.Sockets;

namespace WikiBus.Server.Access.Networks;

/// <summary>What counts as one client where limits are per address.</summary>
internal static class ClientNetwork
{
    /// <summary>The address itself, or its /64 of IPv6, since one machine can call from all of it.</summary>
    public static IPAddress Of(IPAddress address)
    {
        if (address.IsIPv4MappedToIPv6)
        {
            return address.MapToIPv4();
        }

        if (address.AddressFamily != AddressFamily.InterNetworkV6)
        {
            return address;
        }

        var bytes = address.GetAddressBytes();
        bytes.AsSpan(8).Clear();
        return new IPAddress(bytes);
    }
}
