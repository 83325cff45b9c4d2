using System.Buffers.Text;
using System.Buffers;
using System.Text;
using WikiBus.Json;
using WikiBus.Server.Envelopes;
using WikiBus.Storage;

namespace WikiBus.Server.Streaming.Pages;

/// <summary>
/// Writes a record as consumers see it: one line of JSON that is the payload byte for byte, with <c>topic</c>,
/// <c>partition</c> and <c>offset</c> added at the end of <c>meta</c>. Nothing is added to a signed event, whose
/// consumer verifies all members. Not safe for concurrent use.
/// </summary>
internal sealed class RecordRenderer
{
    private static readonly SearchValues<byte> s_lineBreaks = SearchValues.Create("\r\n"u8);

    private readonly JsonTape _tape = new();

    /// <summary>Appends the record's JSON text. True if it is a signed event, which does not name its place.</summary>
    public bool Write(in LogRecord record, ArrayBufferWriter<byte> output)
    {
        if (!EnvelopeWriter.IsJson(record.ContentType.Span))
        {
            EnvelopeWriter.Write(record, output);
            return false;
        }

        var line = OnOneLine(record);
        if (IsSigned(line.Payload))
        {
            output.Write(line.Payload.Span);
            return true;
        }

        if (line.MetaEnd > 0 && !MayNamePlace(line.Payload.Span[..line.MetaEnd]))
        {
            Splice(line, output);
        }
        else
        {
            WriteParsed(line, record, output);
        }

        return false;
    }

    // Few events contain the name. Only a parse shows whether it is that of a member of the event itself.
    private bool IsSigned(ReadOnlyMemory<byte> payload) =>
        payload.Span.IndexOf("\"mediawiki_signature\""u8) >= 0
        && _tape.TryParse(payload, out _)
        && _tape.Root["mediawiki_signature"u8].Kind != JsonKind.None;

    // An event that came from another EventStreams names its place there. Only a parse shows whether that is in meta.
    private static bool MayNamePlace(ReadOnlySpan<byte> text) =>
        text.IndexOf("\"topic\""u8) >= 0 || text.IndexOf("\"partition\""u8) >= 0 || text.IndexOf("\"offset\""u8) >= 0;

    private static void Splice(in LogRecord record, ArrayBufferWriter<byte> output)
    {
        var payload = record.Payload.Span;
        var metaEnd = record.MetaEnd;
        output.Write(payload[..metaEnd]);
        WritePlace(record, isFirst: payload[..metaEnd].TrimEnd(" \t\r\n"u8)[^1] == (byte)'{', output);
        output.Write(payload[metaEnd..]);
    }

    private static void WritePlace(in LogRecord record, bool isFirst, ArrayBufferWriter<byte> output)
    {
        output.Write(isFirst ? "\"topic\":\""u8 : ",\"topic\":\""u8);
        var name = output.GetSpan(record.Stream.Length);
        output.Advance(Encoding.ASCII.GetBytes(record.Stream, name));
        output.Write("\",\"partition\":0,\"offset\":"u8);
        Utf8Formatter.TryFormat(record.Offset, output.GetSpan(20), out var digits);
        output.Advance(digits);
    }

    private void WriteParsed(in LogRecord record, in LogRecord original, ArrayBufferWriter<byte> output)
    {
        if (!_tape.TryParse(record.Payload, out _) || _tape.Root.Kind != JsonKind.Object)
        {
            EnvelopeWriter.Write(original, output);
            return;
        }

        var isFirst = true;
        var hasMeta = false;
        var members = _tape.Root.GetEnumerator();
        output.Write("{"u8);
        while (members.MoveNext())
        {
            var isMeta = members.Name.TextEquals("meta"u8);
            WriteName(members.Name, ref isFirst, output);
            if (isMeta)
            {
                hasMeta = true;
                WriteMeta(members.Current, record, output);
            }
            else
            {
                output.Write(members.Current.Raw);
            }
        }

        if (!hasMeta)
        {
            output.Write(isFirst ? "\"meta\":"u8 : ",\"meta\":"u8);
            WriteMeta(default, record, output);
        }

        output.Write("}"u8);
    }

    // A meta that is not an object cannot name a place, so an object replaces it, as in EventStreams.
    private static void WriteMeta(JsonTapeValue meta, in LogRecord record, ArrayBufferWriter<byte> output)
    {
        output.Write("{"u8);
        var isFirst = true;
        if (meta.Kind == JsonKind.Object)
        {
            var members = meta.GetEnumerator();
            while (members.MoveNext())
            {
                if (!NamesPlace(members.Name))
                {
                    WriteName(members.Name, ref isFirst, output);
                    output.Write(members.Current.Raw);
                }
            }
        }

        WritePlace(record, isFirst, output);
        output.Write("}"u8);
    }

    private static bool NamesPlace(JsonTapeValue name) =>
        name.TextEquals("topic"u8) || name.TextEquals("partition"u8) || name.TextEquals("offset"u8);

    private static void WriteName(JsonTapeValue name, ref bool isFirst, ArrayBufferWriter<byte> output)
    {
        if (!isFirst)
        {
            output.Write(","u8);
        }

        isFirst = false;
        output.Write(name.Raw);
        output.Write(":"u8);
    }

    // A line break would end the "data:" line. Intake leaves none in JSON, but the log may have other writers. In JSON
    // it can only be white space.
    private static LogRecord OnOneLine(in LogRecord record)
    {
        if (record.Payload.Span.IndexOfAny(s_lineBreaks) < 0)
        {
            return record;
        }

        var copy = record.Payload.ToArray();
        copy.AsSpan().ReplaceAny(s_lineBreaks, (byte)' ');
        return record with { Payload = copy };
    }
}
