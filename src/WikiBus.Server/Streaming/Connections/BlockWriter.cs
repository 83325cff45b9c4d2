using System.Buffers;
using System.Buffers.Text;
using System.Text.Json;
using WikiBus.Server.Http;
using WikiBus.Server.Streaming.Requests;
using WikiBus.Server.Streaming.ResumeIds;
using WikiBus.Server.Streaming.Starting;

namespace WikiBus.Server.Streaming.Connections;

/// <summary>
/// Writes the blocks of server-sent events, or JSON lines, that are not records: the opening, heartbeats, gaps, errors
/// and the farewell.
/// </summary>
internal static class BlockWriter
{
    /// <summary>EventStreams' first bytes: a comment, or an empty line.</summary>
    public static void WritePrelude(IBufferWriter<byte> output, StreamFormat format) =>
        output.Write(format == StreamFormat.ServerSentEvents ? ":ok\n\n"u8 : "\n"u8);

    /// <summary>
    /// A block with an id and no data dispatches no event, but every client keeps the id. It is the heartbeat, since
    /// requests-sse forgets its id at a block without one, such as a comment alone.
    /// </summary>
    public static void WriteIdBlock(
        IBufferWriter<byte> output, ResumeIdWriter ids, StreamPlace place, long position, TimeSpan? retry = null)
    {
        if (retry is { } delay)
        {
            WriteRetry(output, delay);
        }

        WriteIdLine(output, ids, place, position);
        output.Write("\n"u8);
    }

    /// <summary>
    /// An event of its own name, with an id; in JSON lines an object with that name as its only member. Without
    /// <paramref name="ids"/> it has no id, so that the client keeps its last one.
    /// </summary>
    public static void WriteNotice(
        IBufferWriter<byte> output, StreamFormat format, ReadOnlySpan<byte> name, ResumeIdWriter? ids,
        StreamPlace place, long position, ArrayBufferWriter<byte> data)
    {
        if (format == StreamFormat.JsonLines)
        {
            output.Write("{\""u8);
            output.Write(name);
            output.Write("\":"u8);
            output.Write(data.WrittenSpan);
            output.Write("}\n"u8);
            return;
        }

        output.Write("event: "u8);
        output.Write(name);
        output.Write("\n"u8);
        if (ids is not null)
        {
            WriteIdLine(output, ids, place, position);
        }

        output.Write("data: "u8);
        output.Write(data.WrittenSpan);
        output.Write("\n\n"u8);
    }

    /// <summary>A JSON line with the id of the signed event in the next line, which does not name its place.</summary>
    public static void WriteIdObject(IBufferWriter<byte> output, ReadOnlySpan<byte> id)
    {
        output.Write("{\"id\":"u8);
        output.Write(id);
        output.Write("}\n"u8);
    }

    /// <summary>The data of a gap event.</summary>
    public static ArrayBufferWriter<byte> GapData(StreamGap gap)
    {
        var data = new ArrayBufferWriter<byte>();
        using var writer = new Utf8JsonWriter(data, JsonOutput.Relaxed);
        writer.WriteStartObject();
        writer.WriteString("stream"u8, gap.Stream);
        if (gap.FromOffset is { } from)
        {
            writer.WriteNumber("fromOffset"u8, from);
        }
        else
        {
            writer.WriteNull("fromOffset"u8);
        }

        writer.WriteNumber("toOffset"u8, gap.ToOffset);
        writer.WriteString("reason"u8, gap.Reason);
        writer.WriteEndObject();
        writer.Flush();
        return data;
    }

    /// <summary>
    /// The data of the error event of a damaged record, with the members that KafkaSSE's errors have.
    /// </summary>
    public static ArrayBufferWriter<byte> DamageData() =>
        ErrorData("DamagedRecordError"u8, "A record of the log is damaged and cannot be served."u8);

    /// <summary>The data of the error event of a connection that stands still.</summary>
    public static ArrayBufferWriter<byte> StandstillData() =>
        ErrorData("StandstillError"u8, "The stream does not go on although there are more events."u8);

    /// <summary>How long a client waits before it comes back: a field, which the next block ends.</summary>
    public static void WriteRetry(IBufferWriter<byte> output, TimeSpan delay)
    {
        output.Write("retry: "u8);
        Utf8Formatter.TryFormat((long)delay.TotalMilliseconds, output.GetSpan(20), out var digits);
        output.Advance(digits);
        output.Write("\n"u8);
    }

    private static ArrayBufferWriter<byte> ErrorData(ReadOnlySpan<byte> name, ReadOnlySpan<byte> message)
    {
        var data = new ArrayBufferWriter<byte>();
        using var writer = new Utf8JsonWriter(data, JsonOutput.Relaxed);
        writer.WriteStartObject();
        writer.WriteString("message"u8, message);
        writer.WriteString("origin"u8, "WikiBus"u8);
        writer.WriteString("name"u8, name);
        writer.WriteEndObject();
        writer.Flush();
        return data;
    }

    private static void WriteIdLine(IBufferWriter<byte> output, ResumeIdWriter ids, StreamPlace place, long position)
    {
        output.Write("id: "u8);
        ids.Write(output, place, position);
        output.Write("\n"u8);
    }
}
