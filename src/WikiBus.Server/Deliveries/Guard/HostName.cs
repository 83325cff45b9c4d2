using System.Net;

namespace WikiBus.Server.Deliveries.Guard;

/// <summary>Host names of targets.</summary>
internal static class HostName
{
    private const int LengthMax = 253;
    private const int LabelLengthMax = 63;

    /// <summary>The form in which names are compared: small letters, without the full stop of the root.</summary>
    public static string Plain(string host) => (host.EndsWith('.') ? host[..^1] : host).ToLowerInvariant();

    /// <summary>
    /// Is it a name, in plain form? A text whose last label is a number is none: resolvers read it as an address, each
    /// in its own way (<c>127.1</c>, <c>0x7f.0.0.1</c>, <c>017700000001</c>).
    /// </summary>
    public static bool IsName(string host)
    {
        var labels = host.Split('.');
        return host.Length <= LengthMax && labels.All(IsLabel) && !IsNumber(labels[^1]);
    }

    /// <summary>Does the name mean this machine, whatever a server of DNS says?</summary>
    public static bool IsLocal(string host) =>
        host == "localhost" || host.EndsWith(".localhost", StringComparison.Ordinal);

    /// <summary>The address that a URL's host spells; null if it is a name.</summary>
    public static IPAddress? Address(string host) =>
        IPAddress.TryParse(host.AsSpan().TrimStart('[').TrimEnd(']'), out var address) ? address : null;

    private static bool IsLabel(string label) =>
        label.Length is > 0 and <= LabelLengthMax
        && label.All(static c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) || c is '-' or '_');

    private static bool IsNumber(string label) =>
        label.All(char.IsAsciiDigit)
        || (label.StartsWith("0x", StringComparison.Ordinal) && label[2..].All(char.IsAsciiHexDigit));
}
