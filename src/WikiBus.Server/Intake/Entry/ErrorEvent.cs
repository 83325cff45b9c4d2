using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Json;
using WikiBus.Json;
using WikiBus.Schemas;
using WikiBus.Server.Http;
using WikiBus.Server.Intake.Settings;

namespace WikiBus.Server.Intake.Entry;

/// <summary>An event that violated its schema, as an error event reports it.</summary>
/// <param name="Event">The event's first bytes, valid UTF-8.</param>
/// <param name="Message">The violations.</param>
/// <param name="Time">When the event came.</param>
/// <param name="SchemaUri">Its <c>$schema</c>.</param>
/// <param name="Stream">Its <c>meta.stream</c>.</param>
/// <param name="Uri">Its <c>meta.uri</c>.</param>
/// <param name="Domain">Its <c>meta.domain</c>.</param>
/// <param name="RequestId">Its <c>meta.request_id</c>.</param>
internal sealed record ErrorEvent(
    string Event, string Message, DateTimeOffset Time, string SchemaUri, string Stream, string Uri, string Domain,
    string RequestId)
{
    /// <summary>Most bytes of the event that are reported.</summary>
    public const int EventBytesMax = 64 * 1024;

    private const int MessageCharsMax = 8 * 1024;
    private const int MemberCharsMax = 1024;
    private const string Unknown = "unknown";

    /// <summary>Its bytes in flight.</summary>
    public int Bytes => sizeof(char) * (Event.Length + Message.Length);

    public static ErrorEvent Of(JsonTapeValue @event, List<SchemaError> violations, DateTimeOffset time)
    {
        var meta = @event["meta"u8];
        var message = string.Join(", ", violations.Select(static error => $"'{error.DataPath}' {error.Message}"));
        return new ErrorEvent(
            FirstBytes(@event.Raw), message.Length > MessageCharsMax ? message[..MessageCharsMax] : message, time,
            Member(@event["$schema"u8]), Member(meta["stream"u8]), Member(meta["uri"u8]), Member(meta["domain"u8]),
            Member(meta["request_id"u8]));
    }

    /// <summary>The error event, of schema <c>/error/2.1.0</c>.</summary>
    public ReadOnlySpan<byte> ToJson(IntakeOptions options)
    {
        var output = new ArrayBufferWriter<byte>();
        using var json = new Utf8JsonWriter(output, JsonOutput.Relaxed);
        json.WriteStartObject();
        json.WriteString("$schema", "/error/2.1.0");
        json.WriteStartObject("meta");
        json.WriteString("stream", options.ErrorStream);
        json.WriteString("uri", Uri);
        json.WriteString("domain", Domain);
        json.WriteString("request_id", RequestId);
        json.WriteEndObject();
        json.WriteString("dt", Time.UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ss.fffZ", CultureInfo.InvariantCulture));
        json.WriteString("emitter_id", options.EmitterId);
        json.WriteString("raw_event", Event);
        json.WriteString("message", Message);
        json.WriteString("error_type", "ValidationError");
        json.WriteString("errored_schema_uri", SchemaUri);
        json.WriteString("errored_stream_name", Stream);
        json.WriteEndObject();
        json.Flush();
        return output.WrittenSpan;
    }

    private static string Member(JsonTapeValue node)
    {
        var text = node.Kind == JsonKind.String ? node.GetString() : "";
        return text.Length is 0 or > MemberCharsMax ? Unknown : text;
    }

    private static string FirstBytes(ReadOnlySpan<byte> raw)
    {
        var length = Math.Min(raw.Length, EventBytesMax);
        while (length > 0 && length < raw.Length && (raw[length] & 0xC0) == 0x80)
        {
            length--;
        }

        return Encoding.UTF8.GetString(raw[..length]);
    }
}
