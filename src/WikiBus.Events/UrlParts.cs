using System.Buffers;
using System.Text;

namespace WikiBus.Events;

/// <summary>The parts of a URL that identify a cached object; slices of the URL.</summary>
internal readonly ref struct UrlParts
{
    private static readonly SearchValues<byte> s_schemeBytes =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+.-"u8);

    private UrlParts(ReadOnlySpan<byte> host, ReadOnlySpan<byte> port, ReadOnlySpan<byte> pathAndQuery)
    {
        Host = host;
        Port = port;
        PathAndQuery = pathAndQuery;
    }

    /// <summary>The host as written in the URL; an IPv6 address has brackets.</summary>
    public ReadOnlySpan<byte> Host { get; }

    /// <summary>The port; empty if it is missing, or the scheme's default.</summary>
    public ReadOnlySpan<byte> Port { get; }

    /// <summary>Path and query, without a fragment; begins with <c>/</c> or <c>?</c>, or is empty.</summary>
    public ReadOnlySpan<byte> PathAndQuery { get; }

    /// <summary>
    /// The length of the scheme at the start of the text, without its colon. 0 if there is none, or if nothing follows
    /// the colon.
    /// </summary>
    public static int SchemeLength(ReadOnlySpan<byte> url)
    {
        var colon = url.IndexOf((byte)':');
        return colon > 0
            && colon < url.Length - 1
            && char.IsAsciiLetter((char)url[0])
            && !url[..colon].ContainsAnyExcept(s_schemeBytes)
            ? colon
            : 0;
    }

    /// <summary>Splits <c>[scheme:]//host…</c>; false for anything else.</summary>
    public static bool TryRead(ReadOnlySpan<byte> url, out UrlParts parts)
    {
        parts = default;
        var schemeLength = SchemeLength(url);
        var scheme = url[..schemeLength];
        var rest = schemeLength == 0 ? url : url[(schemeLength + 1)..];
        if (!rest.StartsWith("//"u8))
        {
            return false;
        }

        rest = rest[2..];
        var fragment = rest.IndexOf((byte)'#');
        rest = fragment < 0 ? rest : rest[..fragment];
        var authorityLength = rest.IndexOfAny((byte)'/', (byte)'?');
        var authority = authorityLength < 0 ? rest : rest[..authorityLength];
        var pathAndQuery = authorityLength < 0 ? default : rest[authorityLength..];
        authority = authority[(authority.LastIndexOf((byte)'@') + 1)..];
        SplitPort(authority, out var host, out var port);
        if (host.IsEmpty)
        {
            return false;
        }

        parts = new UrlParts(host, IsDefaultPort(scheme, port) ? default : port, pathAndQuery);
        return true;
    }

    private static void SplitPort(
        ReadOnlySpan<byte> authority, out ReadOnlySpan<byte> host, out ReadOnlySpan<byte> port)
    {
        var colon = authority.LastIndexOf((byte)':');
        var isPort = colon >= 0 && colon > authority.LastIndexOf((byte)']');
        host = isPort ? authority[..colon] : authority;
        port = isPort ? authority[(colon + 1)..] : default;
    }

    private static bool IsDefaultPort(ReadOnlySpan<byte> scheme, ReadOnlySpan<byte> port) =>
        Ascii.EqualsIgnoreCase(scheme, "https"u8) ? port.SequenceEqual("443"u8)
        : Ascii.EqualsIgnoreCase(scheme, "http"u8) && port.SequenceEqual("80"u8);
}
