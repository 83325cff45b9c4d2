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
        Rightmost(header.ToString().Split(',', StringSplitOptions.TrimEntries), proxies, static hop => hop);

    /// <summary>The same for <c>Forwarded</c> (<c>for=10.1.2.3;proto=https, for="[::1]:80"</c>, RFC 7239).</summary>
    public static IPAddress? FromForwarded(StringValues header, NetworkList proxies) =>
        Rightmost(SplitOutsideQuotes(header.ToString(), ','), proxies, static hop =>
        {
            var addresses = SplitOutsideQuotes(hop, ';')
                .FindAll(static pair => pair.StartsWith("for=", StringComparison.OrdinalIgnoreCase));
            return addresses is [var one] ? one[4..] : "";
        });

    /// <summary>A client may have chosen what is in quotes, for example as its <c>Host</c>.</summary>
    private static List<string> SplitOutsideQuotes(string text, char separator)
    {
        var parts = new List<string>();
        var (start, isQuoted) = (0, false);
        for (var index = 0; index < text.Length; index++)
        {
            if (isQuoted && text[index] == '\\')
            {
                index++;
            }
            else if (text[index] == '"')
            {
                isQuoted = !isQuoted;
            }
            else if (text[index] == separator && !isQuoted)
            {
                parts.Add(text[start..index].Trim());
                start = index + 1;
            }
        }

        parts.Add(text[start..].Trim());
        return parts;
    }

    private static IPAddress? Rightmost(IReadOnlyList<string> hops, NetworkList proxies, Func<string, string> addressOf)
    {
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
