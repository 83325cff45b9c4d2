using System.Buffers;
using System.Net;

namespace WikiBus.Events;

/// <summary>
/// The hosts that a channel allows: a DNS name (with underscores, too), an IPv4 address, or an IPv6 address in
/// brackets.
/// </summary>
internal static class HostName
{
    public const int BytesMax = 253;
    public const int LabelBytesMax = 63;

    private static readonly SearchValues<byte> s_labelBytes =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-"u8);

    public static bool IsValid(ReadOnlySpan<byte> host)
    {
        if (host.Length is 0 or > BytesMax)
        {
            return false;
        }

        if (host[0] == '[')
        {
            return host[^1] == ']' && host.Contains((byte)':') && IPAddress.IsValidUtf8(host[1..^1]);
        }

        foreach (var label in host.Split((byte)'.'))
        {
            var length = label.End.Value - label.Start.Value;
            if (length is 0 or > LabelBytesMax || host[label].ContainsAnyExcept(s_labelBytes))
            {
                return false;
            }
        }

        return true;
    }
}
