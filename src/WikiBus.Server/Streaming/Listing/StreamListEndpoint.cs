using System.Buffers;
using System.Text.Json;
using WikiBus.Events;
using WikiBus.Server.Access;
using WikiBus.Server.Access.Rights;
using WikiBus.Server.Http;
using WikiBus.Server.Streaming.Requests;
using WikiBus.Server.Streaming.Settings;
using WikiBus.Server.Streams;
using WikiBus.Storage;

namespace WikiBus.Server.Streaming.Listing;

/// <summary>Answers <c>GET /v2/streams</c>: the streams that the caller may read, by name.</summary>
internal sealed class StreamListEndpoint(
    AccessControl access, StreamCatalog catalog, EventLog log, StreamRates rates, StreamingDiagnostics diagnostics)
{
    /// <summary>Answers a <c>GET</c> or <c>HEAD</c> request.</summary>
    public async Task AnswerAsync(HttpContext context)
    {
        var caller = await access.IdentifyAsync(context, context.RequestAborted);
        if (await StreamAnswers.TryRefuseKeyAsync(context, caller, diagnostics))
        {
            return;
        }

        var body = new ArrayBufferWriter<byte>(4096);
        await using (var writer = new Utf8JsonWriter(body))
        {
            WriteList(writer, caller);
        }

        await WholeAnswer.WriteAsync(context, Problem.ContentType, body.WrittenMemory);
    }

    private void WriteList(Utf8JsonWriter writer, Caller caller)
    {
        // Only those that the caller may read: anybody may ask, and to look into all of the log's streams takes long.
        var recorded = log.ListStreams(caller.MayRead)
            .ToDictionary(static stream => stream.Name, StringComparer.Ordinal);
        var names = recorded.Keys.Union(catalog.Names.Where(caller.MayRead), StringComparer.Ordinal)
            .Order(StringComparer.Ordinal);
        writer.WriteStartObject();
        writer.WriteStartArray("streams"u8);
        foreach (var name in names)
        {
            WriteStream(writer, name, recorded.GetValueOrDefault(name));
        }

        writer.WriteEndArray();
        writer.WriteEndObject();
    }

    private void WriteStream(Utf8JsonWriter writer, string name, StreamSummary? stream)
    {
        writer.WriteStartObject();
        writer.WriteString("name"u8, name);
        writer.WriteString("schema"u8, catalog.Find(name)?.SchemaTitle ?? BuiltInStreams.Find(name)?.SchemaTitle);
        var isEmpty = stream is null || stream.FirstOffset == stream.NextOffset;
        WriteEnd(writer, "first"u8, isEmpty ? null : stream!.FirstOffset, stream?.FirstTimeMs ?? 0);
        WriteEnd(writer, "last"u8, isEmpty ? null : stream!.NextOffset - 1, stream?.LastTimeMs ?? 0);
        writer.WriteNumber("recordsPerMinute"u8, stream is null ? 0 : rates.PerMinute(stream));
        writer.WriteEndObject();
    }

    private static void WriteEnd(Utf8JsonWriter writer, ReadOnlySpan<byte> name, long? offset, long timeMs)
    {
        if (offset is null)
        {
            writer.WriteNull(name);
            return;
        }

        writer.WriteStartObject(name);
        writer.WriteNumber("offset"u8, offset.Value);
        writer.WriteString("time"u8, DateTimeOffset.FromUnixTimeMilliseconds(timeMs).UtcDateTime);
        writer.WriteEndObject();
    }
}
