using System.Buffers;
using System.Buffers.Text;
using System.Text;

namespace WikiBus.Server.Streaming.ResumeIds;

/// <summary>
/// Writes the <c>id</c> of a record: one entry whose offset, timestamp and position all mean "next". A client that
/// sends it back continues after the record. The form is that of EventStreams, with <c>log</c> and <c>position</c>
/// added; the position alone decides here.
/// </summary>
internal sealed class ResumeIdWriter(string logId)
{
    private const int NumbersLengthMax = 3 * 20;

    private readonly byte[] _logMember = Encoding.UTF8.GetBytes($",\"log\":\"{logId}\",\"position\":");

    /// <summary>Writes the id.</summary>
    /// <param name="output">Gets it.</param>
    /// <param name="place">The place in its stream of the record that could follow.</param>
    /// <param name="position">The position of that record.</param>
    public void Write(IBufferWriter<byte> output, in StreamPlace place, long position)
    {
        var lengthMax = 80 + place.Stream.Length + _logMember.Length + NumbersLengthMax;
        var span = output.GetSpan(lengthMax);
        var length = 0;
        Add("[{\"topic\":\""u8, span, ref length);
        length += Encoding.ASCII.GetBytes(place.Stream, span[length..]);
        Add("\",\"partition\":0,\"offset\":"u8, span, ref length);
        Add(place.Offset, span, ref length);
        Add(",\"timestamp\":"u8, span, ref length);
        Add(place.TimeMs, span, ref length);
        Add(_logMember, span, ref length);
        Add(position, span, ref length);
        Add("}]"u8, span, ref length);
        output.Advance(length);
    }

    private static void Add(ReadOnlySpan<byte> text, Span<byte> target, ref int length)
    {
        text.CopyTo(target[length..]);
        length += text.Length;
    }

    private static void Add(long number, Span<byte> target, ref int length)
    {
        Utf8Formatter.TryFormat(number, target[length..], out var digits);
        length += digits;
    }
}
