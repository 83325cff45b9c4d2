using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Unicode;
using System.Xml.Linq;
using WikiBus.Server.Filters;
using WikiBus.Server.Http;
using WikiBus.Storage;

namespace WikiBus.Server.Envelopes;

/// <summary>
/// Shows a record that is not a JSON object as one. A Deki document becomes <c>{"meta":{…},"deki":{…}}</c>, see
/// <see cref="DekiJson"/>. Anything else becomes <c>{"meta":{…},"contentType":…,"body":"…"}</c>, or has
/// <c>bodyBase64</c> where the payload is not UTF-8 text.
/// </summary>
internal static class EnvelopeWriter
{
    /// <summary>Whether this is the media type of JSON, as an empty one is.</summary>
    public static bool IsJson(ReadOnlySpan<byte> contentType)
    {
        var end = contentType.IndexOf((byte)';');
        var essence = (end < 0 ? contentType : contentType[..end]).Trim(" \t"u8);
        return essence.IsEmpty || Ascii.EqualsIgnoreCase(essence, "application/json"u8);
    }

    /// <summary>The record as filters see it: its payload if that is JSON, else its envelope.</summary>
    public static ReadOnlyMemory<byte> JsonOf(in LogRecord record)
    {
        if (IsJson(record.ContentType.Span))
        {
            return record.Payload;
        }

        var output = new ArrayBufferWriter<byte>(record.Payload.Length + 256);
        Write(record, output);
        return output.WrittenMemory;
    }

    /// <summary>Appends the envelope.</summary>
    public static void Write(in LogRecord record, IBufferWriter<byte> output)
    {
        using var writer = new Utf8JsonWriter(output, JsonOutput.Relaxed);
        var document = DekiJson.TryRead(record);
        writer.WriteStartObject();
        WriteMeta(record, document, writer);
        if (document is not null)
        {
            writer.WritePropertyName("deki"u8);
            DekiJson.Write(document, writer);
        }
        else
        {
            WriteBody(record, writer);
        }

        writer.WriteEndObject();
    }

    private static void WriteBody(in LogRecord record, Utf8JsonWriter writer)
    {
        var contentType = record.ContentType.Span;
        writer.WriteString("contentType"u8, contentType.IsEmpty ? "application/json"u8 : contentType);
        if (Utf8.IsValid(record.Payload.Span))
        {
            writer.WriteString("body"u8, record.Payload.Span);
        }
        else
        {
            writer.WriteBase64String("bodyBase64"u8, record.Payload.Span);
        }
    }

    private static void WriteMeta(in LogRecord record, XElement? document, Utf8JsonWriter writer)
    {
        writer.WriteStartObject("meta"u8);
        writer.WriteString("stream"u8, record.Stream);
        if (!record.Id.IsEmpty)
        {
            writer.WriteString("id"u8, record.Id.Span);
        }

        WriteTime(record, document, writer);
        // The wiki by which the publisher's rights were judged.
        var domain = AttributeReader.TryGet(record.Attributes.Span, "wiki"u8, out var wiki)
            ? wiki
            : ChannelParts.HostOf(record.Channel.Span);
        if (!domain.IsEmpty)
        {
            writer.WriteString("domain"u8, domain);
        }

        if (AttributeReader.TryGet(record.Attributes.Span, "resource"u8, out var resource))
        {
            writer.WriteString("uri"u8, resource);
        }
        else if (!record.Channel.IsEmpty)
        {
            writer.WriteString("uri"u8, record.Channel.Span);
        }

        writer.WriteString("topic"u8, record.Stream);
        writer.WriteNumber("partition"u8, 0);
        writer.WriteNumber("offset"u8, record.Offset);
        writer.WriteEndObject();
    }

    private static void WriteTime(in LogRecord record, XElement? document, Utf8JsonWriter writer)
    {
        if (document?.Attribute("event-time")?.Value is { } time && DateTimeOffset.TryParseExact(
            time, "yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out _))
        {
            writer.WriteString("dt"u8, time);
        }
        else
        {
            writer.WriteString("dt"u8, DateTimeOffset.FromUnixTimeMilliseconds(record.TimeMs).UtcDateTime);
        }
    }
}
