using System.Text;
using WikiBus.Server.Filters;

namespace WikiBus.Server.Dream.Matching;

/// <summary>Channels of events about pages of a Deki: <c>event://WIKI/deki/pages/…</c>.</summary>
internal static class PageChannel
{
    /// <summary>Is it such a channel? The first part of the path does not count.</summary>
    public static bool IsAboutPages(string channel) => IsAboutPages(Encoding.UTF8.GetBytes(channel));

    /// <inheritdoc cref="IsAboutPages(string)"/>
    public static bool IsAboutPages(ReadOnlySpan<byte> channel)
    {
        if (!ChannelParts.TryRead(channel, out var parts) || channel[parts.Path] is not [(byte)'/', .. var path])
        {
            return false;
        }

        var slash = path.IndexOf((byte)'/');
        var second = slash < 0 ? default : path[(slash + 1)..];
        var end = second.IndexOf((byte)'/');
        return Ascii.EqualsIgnoreCase(end < 0 ? second : second[..end], "pages"u8);
    }

    /// <summary>The parts of a channel's path.</summary>
    public static string[] SegmentsOf(string channel)
    {
        var utf8 = Encoding.UTF8.GetBytes(channel);
        return ChannelParts.TryRead(utf8, out var parts)
            ? Encoding.UTF8.GetString(utf8[parts.Path]).Split('/', StringSplitOptions.RemoveEmptyEntries)
            : [];
    }
}
