using System.Buffers.Binary;
using System.Text;
using WikiBus.Storage.Frames;

namespace WikiBus.Storage.Segments;

/// <summary>
/// Codec of the first frame of an event segment: every stream with its tail as of before the segment, so that a
/// segment can be understood without those before it.
/// </summary>
internal static class StreamTableFrame
{
    private const int FixedLength = 24;

    public static void Add(FrameBuffer frame, string stream, StreamTail tail)
    {
        var content = frame.BeginRecord(FixedLength + stream.Length);
        BinaryPrimitives.WriteInt64LittleEndian(content, tail.NextOffset);
        BinaryPrimitives.WriteInt64LittleEndian(content[8..], tail.LastTimeMs);
        BinaryPrimitives.WriteInt64LittleEndian(content[16..], tail.LastPosition);
        Encoding.ASCII.GetBytes(stream, content[FixedLength..]);
        frame.EndRecord();
    }

    public static (string Stream, StreamTail Tail) Read(ReadOnlySpan<byte> record)
    {
        var content = record[FrameBuffer.RecordChecksumLength..];
        if (content.Length <= FixedLength)
        {
            throw new LogDamagedException("An entry of a stream table is too short.");
        }

        var tail = new StreamTail(
            BinaryPrimitives.ReadInt64LittleEndian(content),
            BinaryPrimitives.ReadInt64LittleEndian(content[8..]),
            BinaryPrimitives.ReadInt64LittleEndian(content[16..]));
        return (Encoding.ASCII.GetString(content[FixedLength..]), tail);
    }
}
