using System.Net;

namespace WikiBus.Server.Hosting;

/// <summary>One address to listen on, as configured.</summary>
/// <param name="IsHttps">Whether it uses TLS, with the certificate of <c>Kestrel:Certificates:Default</c>.</param>
/// <param name="Address">The IP address; null for <c>localhost</c>, which is both loopback addresses.</param>
/// <param name="Port">The port; 0 lets the system choose.</param>
internal sealed record ListenAddress(bool IsHttps, IPAddress? Address, int Port)
{
    public const string Allowed = "http:// or https://, a host (localhost, an IP address, * for all) and a port are";

    public static bool TryParse(string url, out ListenAddress? address)
    {
        address = null;
        var parsed = url.Replace("://*", "://[::]", StringComparison.Ordinal)
            .Replace("://+", "://[::]", StringComparison.Ordinal);
        if (!Uri.TryCreate(parsed, UriKind.Absolute, out var uri)
            || (uri.Scheme != Uri.UriSchemeHttp && uri.Scheme != Uri.UriSchemeHttps)
            || uri.PathAndQuery != "/" || uri.UserInfo.Length > 0)
        {
            return false;
        }

        var isLocalhost = uri.Host.Equals("localhost", StringComparison.OrdinalIgnoreCase);
        IPAddress? parsedAddress = null;
        if (!isLocalhost && !IPAddress.TryParse(uri.Host, out parsedAddress))
        {
            return false;
        }

        address = new ListenAddress(uri.Scheme == Uri.UriSchemeHttps, parsedAddress, uri.Port);
        return true;
    }
}
