using System.Buffers;
using System.Text;
using System.Text.Json;
using WikiBus.Schemas;
using WikiBus.Server.Http;
using WikiBus.Server.Intake.Judging;

namespace WikiBus.Server.Intake.Answers;

/// <summary>
/// Writes the bodies of answers. Each member is a list whose items have an object <c>event</c>: MediaWiki's producer
/// crashes on a JSON body of any other form.
/// </summary>
internal static class AnswerWriter
{
    /// <summary>Deepest event that the answer repeats: PHP reads 512 levels, and the answer adds three.</summary>
    private const int NestingMax = 500;

    private static readonly JsonWriterOptions s_options = JsonOutput.Relaxed with { SkipValidation = true };

    /// <summary>The body for a fault of the whole request.</summary>
    public static void WriteFault(string message, IBufferWriter<byte> output)
    {
        using var json = new Utf8JsonWriter(output, s_options);
        json.WriteStartObject();
        json.WriteStartArray("error"u8);
        WriteItem(json, EventVerdict.Refuse("{}"u8.ToArray(), message));
        json.WriteEndArray();
        json.WriteEndObject();
    }

    /// <summary>The body that lists the events that were not accepted, in their order.</summary>
    public static void WriteVerdicts(EventVerdicts verdicts, IBufferWriter<byte> output)
    {
        using var json = new Utf8JsonWriter(output, s_options);
        json.WriteStartObject();
        WriteList(json, "invalid"u8, EventStatus.Invalid, verdicts);
        if (verdicts.InvalidCount < verdicts.All.Count)
        {
            // EventGate leaves the list out when all events are invalid.
            WriteList(json, "error"u8, EventStatus.Error, verdicts);
        }

        json.WriteEndObject();
    }

    private static void WriteList(
        Utf8JsonWriter json, ReadOnlySpan<byte> name, EventStatus status, EventVerdicts verdicts)
    {
        json.WriteStartArray(name);
        foreach (var verdict in verdicts.All)
        {
            if (verdict.Status == status)
            {
                WriteItem(json, verdict);
            }
        }

        json.WriteEndArray();
    }

    private static void WriteItem(Utf8JsonWriter json, in EventVerdict verdict)
    {
        json.WriteStartObject();
        json.WriteString("status"u8, verdict.Status == EventStatus.Invalid ? "invalid"u8 : "error"u8);
        WriteEvent(json, verdict.Event.Span);
        json.WriteStartObject("context"u8);
        if (verdict.Violations is { } violations)
        {
            WriteViolations(json, violations);
        }
        else
        {
            json.WriteString("message"u8, verdict.Message);
        }

        json.WriteEndObject();
        json.WriteEndObject();
    }

    private static void WriteEvent(Utf8JsonWriter json, ReadOnlySpan<byte> raw)
    {
        json.WritePropertyName("event"u8);
        if (Nesting(raw) > NestingMax)
        {
            json.WriteStartObject();
            json.WriteEndObject();
        }
        else if (raw[0] == (byte)'{')
        {
            json.WriteRawValue(raw, skipInputValidation: true);
        }
        else
        {
            json.WriteStartObject();
            json.WritePropertyName("value"u8);
            json.WriteRawValue(raw, skipInputValidation: true);
            json.WriteEndObject();
        }
    }

    private static void WriteViolations(Utf8JsonWriter json, List<SchemaError> violations)
    {
        var text = new StringBuilder();
        json.WriteStartArray("errors"u8);
        foreach (var violation in violations)
        {
            json.WriteStartObject();
            json.WriteString("keyword"u8, violation.Keyword);
            json.WriteString("dataPath"u8, violation.DataPath);
            json.WriteString("schemaPath"u8, violation.SchemaPath);
            json.WritePropertyName("params"u8);
            json.WriteRawValue(violation.ParamsJson, skipInputValidation: true);
            json.WriteString("message"u8, violation.Message);
            json.WriteEndObject();
            text.Append(text.Length == 0 ? "" : ", ").Append('\'').Append(violation.DataPath).Append("' ")
                .Append(violation.Message);
        }

        json.WriteEndArray();
        json.WriteString("errorsText"u8, text.ToString());
    }

    private static int Nesting(ReadOnlySpan<byte> raw)
    {
        var depth = 0;
        var deepest = 0;
        for (var index = raw.IndexOfAny("[]{}\""u8); index >= 0; index = raw.IndexOfAny("[]{}\""u8))
        {
            var unit = raw[index];
            raw = raw[(index + 1)..];
            if (unit == (byte)'"')
            {
                raw = AfterString(raw);
                continue;
            }

            depth += unit is (byte)'[' or (byte)'{' ? 1 : -1;
            deepest = Math.Max(deepest, depth);
        }

        return deepest;
    }

    // Brackets in strings do not count: with enough of them the depth would be wrong.
    private static ReadOnlySpan<byte> AfterString(ReadOnlySpan<byte> raw)
    {
        while (raw.IndexOfAny("\"\\"u8) is var index and >= 0)
        {
            if (raw[index] == (byte)'"')
            {
                return raw[(index + 1)..];
            }

            raw = raw[Math.Min(index + 2, raw.Length)..];
        }

        return default;
    }
}
