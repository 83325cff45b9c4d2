using System.Buffers;
using System.Text;

namespace WikiBus.Events;

/// <summary>Writes the channel of a MediaWiki event.</summary>
internal static class EventChannel
{
    public static int Write(ReadOnlySpan<byte> domain, ReadOnlySpan<byte> stream, IBufferWriter<byte> output)
    {
        var host = HostName.IsValid(domain) ? domain : "unknown"u8;
        var channel = output.GetSpan("event://"u8.Length + host.Length + 1 + stream.Length);
        var length = 0;
        Append("event://"u8, channel, ref length);
        Ascii.ToLower(host, channel[length..], out var hostLength);
        length += hostLength;
        channel[length++] = (byte)'/';
        var pathStart = length;
        foreach (var part in stream.Split((byte)'.'))
        {
            if (part.Start.Value == part.End.Value)
            {
                continue;
            }

            if (length > pathStart)
            {
                channel[length++] = (byte)'/';
            }

            Append(stream[part], channel, ref length);
        }

        output.Advance(length);
        return length;
    }

    private static void Append(ReadOnlySpan<byte> text, Span<byte> channel, ref int length)
    {
        text.CopyTo(channel[length..]);
        length += text.Length;
    }
}
