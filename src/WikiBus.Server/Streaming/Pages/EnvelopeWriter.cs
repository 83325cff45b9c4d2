using System.Buffers;
using System.Text;
using System.Text.Json;
using System.Text.Unicode;
using WikiBus.Server.Filters;
using WikiBus.Server.Http;
using WikiBus.Storage;

namespace WikiBus.Server.Streaming.Pages;

/// <summary>
/// Shows a record that is not a JSON object as one: <c>{"meta":{…},"contentType":…,"body":"…"}</c>, or with
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

    public static void Write(in LogRecord record, IBufferWriter<byte> output)
    {
        using var writer = new Utf8JsonWriter(output, JsonOutput.Relaxed);
        writer.WriteStartObject();
        WriteMeta(record, writer);
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

        writer.WriteEndObject();
    }

    private static void WriteMeta(in LogRecord record, Utf8JsonWriter writer)
    {
        writer.WriteStartObject("meta"u8);
        writer.WriteString("stream"u8, record.Stream);
        if (!record.Id.IsEmpty)
        {
            writer.WriteString("id"u8, record.Id.Span);
        }

        writer.WriteString("dt"u8, DateTimeOffset.FromUnixTimeMilliseconds(record.TimeMs).UtcDateTime);
        var domain = ChannelParts.HostOf(record.Channel.Span);
        if (!domain.IsEmpty)
        {
            writer.WriteString("domain"u8, domain);
        }

        if (AttributeReader.TryGet(record.Attributes.Span, "resource"u8, out var resource))
        {
            writer.WriteString("uri"u8, resource);
        }

        writer.WriteString("topic"u8, record.Stream);
        writer.WriteNumber("partition"u8, 0);
        writer.WriteNumber("offset"u8, record.Offset);
        writer.WriteEndObject();
    }
}
