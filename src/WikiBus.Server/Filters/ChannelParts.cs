using System.Text;

namespace WikiBus.Server.Filters;

/// <summary>
/// Where a channel's parts are in its bytes: scheme, host with port unless it is the default of http, https or ftp, and
/// path without a trailing slash.
/// </summary>
internal readonly record struct ChannelParts(Range Scheme, Range Host, Range Path)
{
    /// <summary>Reads <c>SCHEME://[USER@]HOST[/PATH][?QUERY][#FRAGMENT]</c>; false if there is no scheme.</summary>
    public static bool TryRead(ReadOnlySpan<byte> channel, out ChannelParts parts)
    {
        parts = default;
        var schemeEnd = channel.IndexOf("://"u8);
        if (schemeEnd <= 0)
        {
            return false;
        }

        var hostStart = schemeEnd + 3;
        var end = channel[hostStart..].IndexOfAny((byte)'?', (byte)'#');
        end = end < 0 ? channel.Length : hostStart + end;
        var hostLength = channel[hostStart..end].IndexOf((byte)'/');
        var hostEnd = hostLength < 0 ? end : hostStart + hostLength;
        var userLength = channel[hostStart..hostEnd].LastIndexOf((byte)'@');
        hostStart += userLength + 1;
        if (end > hostEnd && channel[end - 1] == (byte)'/')
        {
            end--;
        }

        var portLength = DefaultPortLength(channel[..schemeEnd], channel[hostStart..hostEnd]);
        parts = new ChannelParts(..schemeEnd, hostStart..(hostEnd - portLength), hostEnd..end);
        return true;
    }

    /// <summary>The host of a channel, without its port; empty when it has none.</summary>
    public static ReadOnlySpan<byte> HostOf(ReadOnlySpan<byte> channel)
    {
        if (!TryRead(channel, out var parts))
        {
            return default;
        }

        var host = channel[parts.Host];
        var port = host.LastIndexOf((byte)':');
        return port < 0 ? host : host[..port];
    }

    private static int DefaultPortLength(ReadOnlySpan<byte> scheme, ReadOnlySpan<byte> host)
    {
        var port = Ascii.EqualsIgnoreCase(scheme, "http"u8) ? ":80"u8
            : Ascii.EqualsIgnoreCase(scheme, "https"u8) ? ":443"u8
            : Ascii.EqualsIgnoreCase(scheme, "ftp"u8) ? ":21"u8
            : default;
        return !port.IsEmpty && host.EndsWith(port) ? port.Length : 0;
    }
}
