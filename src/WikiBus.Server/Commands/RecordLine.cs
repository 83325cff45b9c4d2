using System.Buffers;
using System.Text.Json;
using System.Text;
using WikiBus.Server.Http;
using WikiBus.Storage;

namespace WikiBus.Server.Commands;

/// <summary>
/// A record as one line of JSON: its header with all attributes, then <c>payload</c> as a JSON value, or
/// <c>payloadBase64</c> when the payload is not JSON.
/// </summary>
internal static class RecordLine
{
    // Intake bounds the nesting; a log that another version wrote may hold deeper payloads.
    private static readonly JsonReaderOptions s_anyDepth = new() { MaxDepth = 1_000_000 };

    private static readonly JsonWriterOptions s_readable = JsonOutput.Relaxed with { MaxDepth = s_anyDepth.MaxDepth };

    public static string Write(in LogRecord record)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer, s_readable))
        {
            json.WriteStartObject();
            WriteHeader(json, record);
            WritePayload(json, record.Payload.Span);
            json.WriteEndObject();
        }

        return Encoding.UTF8.GetString(buffer.WrittenSpan);
    }

    private static void WriteHeader(Utf8JsonWriter json, in LogRecord record)
    {
        json.WriteNumber("position", record.Position);
        json.WriteString("stream", record.Stream);
        json.WriteNumber("offset", record.Offset);
        json.WriteString("time", DateTimeOffset.FromUnixTimeMilliseconds(record.TimeMs));
        WriteText(json, "id", record.Id.Span);
        WriteText(json, "key", record.Key.Span);
        WriteText(json, "channel", record.Channel.Span);
        WriteText(json, "contentType", record.ContentType.Span);

        // An array of pairs, since a name may appear more than once, and the order counts.
        json.WriteStartArray("attributes");
        var attributes = new AttributeReader(record.Attributes.Span);
        while (attributes.Next())
        {
            json.WriteStartArray();
            json.WriteStringValue(Encoding.UTF8.GetString(attributes.Name));
            json.WriteStringValue(Encoding.UTF8.GetString(attributes.Value));
            json.WriteEndArray();
        }

        json.WriteEndArray();
    }

    private static void WritePayload(Utf8JsonWriter json, ReadOnlySpan<byte> payload)
    {
        if (IsJson(payload))
        {
            json.WritePropertyName("payload");
            json.WriteRawValue(payload, skipInputValidation: true);
        }
        else
        {
            json.WriteBase64String("payloadBase64", payload);
        }
    }

    /// <summary>A payload with line breaks is written as base64, since the record must be one line.</summary>
    private static bool IsJson(ReadOnlySpan<byte> payload)
    {
        if (payload.IndexOfAny((byte)'\n', (byte)'\r') >= 0)
        {
            return false;
        }

        try
        {
            var reader = new Utf8JsonReader(payload, s_anyDepth);
            while (reader.Read())
            {
                if (reader.TokenType is JsonTokenType.String or JsonTokenType.PropertyName)
                {
                    reader.GetString();
                }
            }

            return true;
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            return false;
        }
    }

    // Bytes that are not UTF-8 become U+FFFD: only the payload must be exact, the rest is for people.
    private static void WriteText(Utf8JsonWriter json, string name, ReadOnlySpan<byte> text) =>
        json.WriteString(name, Encoding.UTF8.GetString(text));
}
