using System.Buffers;
using System.Buffers.Text;
using System.Text;

namespace WikiBus.Server.Streaming.ResumeIds;

/// <summary>
/// Writes the <c>id</c> of a record: one entry whose offset, timestamp and position all mean "next", so that a client
/// that sends it back goes on after the record. The form is EventStreams' with <c>log</c> and <c>position</c> added;
/// the position alone decides here.
/// </summary>
internal sealed class ResumeIdWriter(string logId)
{
    private const int NumbersLengthMax = 3 * 20;

    private readonly byte[] _logMember = Encoding.UTF8.GetBytes($",\"log\":\"{logId}\",\"position\":");

    /// <summary>
    /// Writes the id of the place at which a record would follow with this offset, time and position.
    /// </summary>
    public void Write(IBufferWriter<byte> output, string stream, long offset, long timeMs, long position)
    {
        var lengthMax = 80 + stream.Length + _logMember.Length + NumbersLengthMax;
        var span = output.GetSpan(lengthMax);
        var length = 0;
        Add("[{\"topic\":\""u8, span, ref length);
        length += Encoding.ASCII.GetBytes(stream, span[length..]);
        Add("\",\"partition\":0,\"offset\":"u8, span, ref length);
        Add(offset, span, ref length);
        Add(",\"timestamp\":"u8, span, ref length);
        Add(timeMs, span, ref length);
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
