using System.Collections.Frozen;
using System.Globalization;

namespace WikiBus.Server.Access.Networks;

/// <summary>
/// The host names under which a request from a trusted network needs no key. The name of a foreign page can be made to
/// lead to this machine (DNS rebinding). The browser then sends the page's requests here, as requests of that page's
/// own site: only <c>Host</c> (in HTTP/2 <c>:authority</c>) shows the foreign name.
/// </summary>
/// <param name="names">Names beside <c>localhost</c>, which <see cref="IsName"/> allows.</param>
internal sealed class TrustedHosts(IReadOnlyList<string> names)
{
    private const string Localhost = "localhost";

    private readonly FrozenSet<string> _names =
        names.Select(ToAscii).ToFrozenSet(StringComparer.OrdinalIgnoreCase);

    /// <summary>
    /// The host as the request names it. <see cref="HttpRequest.Host"/> decodes names such as <c>xn--bcher-kva</c>, and
    /// fails for those that are not valid.
    /// </summary>
    public static HostString Of(HttpRequest request) => new(request.Headers.Host.ToString());

    /// <summary>Is it the name of a host, without a port?</summary>
    public static bool IsName(string name) =>
        Uri.CheckHostName(name) == UriHostNameType.Dns && !name.EndsWith('.');

    /// <summary>
    /// Is it <c>localhost</c> or a name below it, an IP address, or one of the names? Only scripts send requests
    /// without a host; browsers always name it.
    /// </summary>
    public bool Contains(HostString host)
    {
        if (!host.HasValue)
        {
            return true;
        }

        var name = host.Host.EndsWith('.') ? host.Host[..^1] : host.Host;
        return name.Equals(Localhost, StringComparison.OrdinalIgnoreCase)
            || name.EndsWith("." + Localhost, StringComparison.OrdinalIgnoreCase)
            || Uri.CheckHostName(name) is UriHostNameType.IPv4 or UriHostNameType.IPv6
            || _names.Contains(name);
    }

    /// <summary>The form in which browsers send a name: <c>xn--bcher-kva</c> for <c>bücher</c>.</summary>
    private static string ToAscii(string name)
    {
        try
        {
            return new IdnMapping().GetAscii(name);
        }
        catch (ArgumentException)
        {
            return name;
        }
    }
}
