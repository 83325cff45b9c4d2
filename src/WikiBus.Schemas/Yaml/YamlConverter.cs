using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;
using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace WikiBus.Schemas.Yaml;

/// <summary>
/// Turns one YAML 1.2 document into JSON: scalars by the core schema, numbers kept digit by digit. An alias is replaced
/// by its value, within <see cref="NodeCountMax"/>, so that a few lines cannot become gigabytes. Merge keys, other tags
/// and further documents are faults.
/// </summary>
internal sealed class YamlConverter
{
    /// <summary>Most values in one document, including those that aliases repeat.</summary>
    public const int NodeCountMax = 100_000;

    /// <summary>Deepest nesting.</summary>
    public const int NestingMax = 100;

    private static readonly JsonWriterOptions s_writerOptions = new()
    {
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        MaxDepth = NestingMax,
        SkipValidation = true,
    };

    private readonly YamlRecording _recording;
    private readonly Utf8JsonWriter _json;
    private int _nodeCount;
    private int _nesting;

    private YamlConverter(YamlRecording recording, Utf8JsonWriter json)
    {
        _recording = recording;
        _json = json;
    }

    /// <summary>Converts a text; a fault begins with its line and column.</summary>
    public static bool TryConvert(string yaml, out ReadOnlyMemory<byte> json, out string? fault)
    {
        var buffer = new ArrayBufferWriter<byte>(yaml.Length + 16);
        try
        {
            using var writer = new Utf8JsonWriter(buffer, s_writerOptions);
            var recording = YamlRecording.Read(yaml, NodeCountMax, NestingMax);
            if (recording.Count == 0)
            {
                writer.WriteNullValue();
            }
            else
            {
                new YamlConverter(recording, writer).Write(0);
            }

            writer.Flush();
            (json, fault) = (buffer.WrittenMemory, null);
            return true;
        }
        catch (YamlException exception)
        {
            (json, fault) = (default, Describe(exception));
            return false;
        }
    }

    private static string Describe(YamlException exception) =>
        FormattableString.Invariant(
            $"line {exception.Start.Line}, column {exception.Start.Column}: {exception.Message}");

    /// <summary>Writes the value whose events begin at an index; returns the index after it.</summary>
    private int Write(int index)
    {
        var current = _recording[index];
        if (++_nodeCount > NodeCountMax)
        {
            throw Fault(current, $"more than {NodeCountMax} values, aliases written out");
        }

        switch (current)
        {
            case AnchorAlias:
                Nest(current);
                Write(_recording.AliasTarget(index));
                _nesting--;
                return index + 1;
            case Scalar scalar:
                YamlScalar.Write(_json, scalar);
                return index + 1;
            case SequenceStart:
                return WriteSequence(index);
            case MappingStart:
                return WriteMapping(index);
            default:
                // The library omits the empty name in ": value", so a mapping can end where a value is expected.
                throw Fault(current, "a name or a value is missing");
        }
    }

    private int WriteSequence(int index)
    {
        Nest(_recording[index]);
        _json.WriteStartArray();
        index++;
        while (_recording[index] is not SequenceEnd)
        {
            index = Write(index);
        }

        _json.WriteEndArray();
        _nesting--;
        return index + 1;
    }

    private int WriteMapping(int index)
    {
        Nest(_recording[index]);
        _json.WriteStartObject();
        var names = new HashSet<string>(StringComparer.Ordinal);
        index++;
        while (_recording[index] is not MappingEnd)
        {
            _json.WritePropertyName(ReadName(_recording[index], names));
            index = Write(index + 1);
        }
        _json.WriteEndObject();
        _nesting--;
        return index + 1;
    }

    private static string ReadName(ParsingEvent key, HashSet<string> names)
    {
        if (key is not Scalar scalar)
        {
            throw Fault(key, "a member's name must be a scalar");
        }

        if (scalar is { Value: "<<", Style: ScalarStyle.Plain })
        {
            throw Fault(key, "merge keys (<<) are not supported; use $ref");
        }

        if (!names.Add(scalar.Value))
        {
            throw Fault(key, $"the member '{scalar.Value}' stands twice");
        }

        return scalar.Value;
    }

    private void Nest(ParsingEvent current)
    {
        if (++_nesting > NestingMax)
        {
            throw Fault(current, $"nested more than {NestingMax} deep");
        }
    }

    internal static YamlException Fault(ParsingEvent place, string message) => new(place.Start, place.End, message);
}
