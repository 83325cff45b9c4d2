using System.Net;
using Microsoft.Extensions.Primitives;

namespace WikiBus.Server.Access.Networks;

/// <summary>
/// Reads the client's address from <c>X-Forwarded-For</c> and <c>Forwarded</c>, which trusted proxies wrote.
/// </summary>
internal static class ForwardedAddress
{
    /// <summary>Most addresses that are read, from the right.</summary>
    private const int HopCountMax = 32;

    /// <summary>
    /// The rightmost address of <c>X-Forwarded-For</c> (<c>10.1.2.3, 10.0.0.1</c>) that is not a trusted proxy. Null if
    /// there is none, or if a text before it is not an address.
    /// </summary>
    public static IPAddress? FromForwardedFor(StringValues header, NetworkList proxies) =>
        Rightmost(header, proxies, static hop => hop);

    /// <summary>The same for <c>Forwarded</c> (<c>for=10.1.2.3;proto=https, for="[::1]:80"</c>).</summary>
    public static IPAddress? FromForwarded(StringValues header, NetworkList proxies) =>
        Rightmost(header, proxies, static hop => hop.Split(';', StringSplitOptions.TrimEntries)
            .FirstOrDefault(static pair => pair.StartsWith("for=", StringComparison.OrdinalIgnoreCase))?[4..] ?? "");

    private static IPAddress? Rightmost(StringValues header, NetworkList proxies, Func<string, string> addressOf)
    {
        var hops = header.ToString().Split(',', StringSplitOptions.TrimEntries);
        foreach (var hop in hops.Reverse().Take(HopCountMax))
        {
            if (!TryParse(addressOf(hop).Trim('"'), out var address))
            {
                return null;
            }

            if (!proxies.Contains(address))
            {
                return address;
            }
        }

        return null;
    }

    // 10.1.2.3, 10.1.2.3:80, ::1, [::1], [::1]:80
    private static bool TryParse(string text, out IPAddress address)
    {
        address = IPAddress.None;
        var host = text;
        if (text.StartsWith('['))
        {
            var end = text.IndexOf(']', StringComparison.Ordinal);
            host = end < 0 ? "" : text[1..end];
        }
        else if (text.IndexOf(':', StringComparison.Ordinal) is var colon and >= 0
            && colon == text.LastIndexOf(':'))
        {
            host = text[..colon];
        }

        if (!NetworkList.TryParse(host, out var network) || host.Contains('/', StringComparison.Ordinal))
        {
            return false;
        }

        address = NetworkList.Plain(network.BaseAddress);
        return true;
    }
}
