using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Net;
using System.Text;
using WikiBus.Server.Access.Networks;

namespace WikiBus.Server.Deliveries.Guard;

/// <summary>
/// Reads the URL of a target when it is given, so that a mistake is noticed at once. Each connection is checked again,
/// since a name may have other addresses then.
/// </summary>
internal sealed class TargetUrl(AddressRules rules)
{
    /// <summary>Most characters of a URL.</summary>
    public const int LengthMax = 2_000;

    private static readonly IPAddress[] s_local = [IPAddress.Loopback, IPAddress.IPv6Loopback];

    // Parsers of URLs disagree about these: '\' may be '/', and blanks at the ends may be cut.
    private static readonly SearchValues<char> s_ambiguous =
        SearchValues.Create([.. Enumerable.Range(0, 0x21).Append(0x7F).Append('\\').Select(static c => (char)c)]);

    /// <summary>Reads a URL; if false, <paramref name="fault"/> says what is wrong.</summary>
    /// <param name="text">What the user wrote.</param>
    /// <param name="allowed">What its owner may target.</param>
    /// <param name="url">The URL.</param>
    /// <param name="fault">A sentence for the user.</param>
    public bool TryParse(
        string text, TargetNetworks allowed, [NotNullWhen(true)] out Uri? url, [NotNullWhen(false)] out string? fault)
    {
        url = null;
        fault = FaultOfText(text);
        if (fault is null)
        {
            var isUrl = Uri.TryCreate(text, UriKind.Absolute, out var read) && read.Host.Length > 0 && read.Port > 0;
            fault = isUrl ? FaultOfHost(read!.IdnHost, allowed) : "It is not a URL.";
            url = fault is null ? read : null;
        }

        return url is not null;
    }

    private static string? FaultOfText(string text)
    {
        if (text.Length > LengthMax)
        {
            return string.Create(CultureInfo.InvariantCulture, $"A URL has at most {LengthMax} characters.");
        }

        var scheme = text.IndexOf("://", StringComparison.Ordinal);
        if (scheme < 0 || text[..scheme].ToLowerInvariant() is not ("http" or "https"))
        {
            return "A URL begins with http:// or https://.";
        }

        if (text.AsSpan().ContainsAny(s_ambiguous))
        {
            return "A URL has no blanks, control characters and backslashes.";
        }

        if (text.Contains('#', StringComparison.Ordinal))
        {
            return "A URL has no fragment (#…): fragments are never sent.";
        }

        var authority = text[(scheme + 3)..].Split('/', '?')[0];
        return authority.Contains('@', StringComparison.Ordinal)
                ? "A URL has no user and password; use the header Authorization."
            : authority.Contains('%', StringComparison.Ordinal) ? "The host of a URL has no % and no zone."
            : !Ascii.IsValid(authority) ? "The host of a URL is written in ASCII; other letters as xn--…."
            : null;
    }

    private string? FaultOfHost(string host, TargetNetworks allowed)
    {
        if (HostName.Address(host) is { } address)
        {
            return FaultOfAddresses([address], allowed);
        }

        var name = HostName.Plain(host);
        return !HostName.IsName(name) ? $"'{host}' is neither a host name nor an address such as 192.0.2.1 or [::1]."
            : HostName.IsLocal(name) && !allowed.HasHost(name) ? FaultOfAddresses(s_local, allowed)
            : null;
    }

    private static IPNetwork Alone(IPAddress address) => new(address, address.GetAddressBytes().Length * 8);

    // A host with several addresses is reachable if one of them is.
    private string? FaultOfAddresses(IPAddress[] addresses, TargetNetworks allowed)
    {
        var faults = addresses.Select(address => rules.FindFault(address, allowed)).ToList();
        if (faults.Contains(null))
        {
            return null;
        }

        var target = NetworkList.Plain(addresses[0]);
        var canBeListed = rules.FindFault(target, allowed, isHostAllowed: true) is null;
        return $"The target is blocked: {faults[0]}."
            + (canBeListed
                ? $" A network such as {Alone(target)} in the key, or in Deliveries:AllowedNetworks, would allow it."
                : "");
    }
}
