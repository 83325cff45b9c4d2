using System.Buffers;
using System.Text.Json;
using WikiBus.Events.Php;

namespace WikiBus.Events.MediaWiki.RecentChanges;

/// <summary>The parameters of a log entry, in the form in which they are sent.</summary>
internal static class LogParameters
{
    // PHP's default depth is 512, and the event is around the parameters.
    private const int DepthMax = 510;

    /// <summary>Renames <c>4::target</c> to <c>target</c>, and leaves out what is null.</summary>
    public static JsonElement Prepare(JsonElement parameters)
    {
        if (parameters.ValueKind is not (JsonValueKind.Object or JsonValueKind.Array))
        {
            throw new ArgumentException("The parameters must be a JSON object or a list.", nameof(parameters));
        }

        if (!PhpJsonWriter.TryWriteValue(parameters, new ArrayBufferWriter<byte>()))
        {
            throw new ArgumentException(
                "The parameters have a lone surrogate or a number beyond the range of floats.", nameof(parameters));
        }

        var output = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(output, new JsonWriterOptions { MaxDepth = DepthMax }))
        {
            try
            {
                WritePrepared(parameters, writer);
            }
            catch (InvalidOperationException exception)
            {
                throw new ArgumentException(
                    "The parameters are nested too deeply for PHP.", nameof(parameters), exception);
            }
        }

        return JsonElement.Parse(output.WrittenSpan, new JsonDocumentOptions { MaxDepth = DepthMax });
    }

    private static void WritePrepared(JsonElement parameters, Utf8JsonWriter writer)
    {
        if (parameters.ValueKind == JsonValueKind.Array)
        {
            Write(parameters, writer);
        }
        else
        {
            WriteMembers(Renamed(parameters).Select(static member => (member.Key, member.Value)), writer);
        }
    }

    // MediaWiki marks parameters with a place and a type, as in 4::target and 5:number:count.
    private static OrderedDictionary<string, JsonElement> Renamed(JsonElement parameters)
    {
        var renamed = new OrderedDictionary<string, JsonElement>(StringComparer.Ordinal);
        foreach (var member in parameters.EnumerateObject())
        {
            var parts = member.Name.Split(':', 3);
            renamed[parts.Length switch
            {
                1 => member.Name,
                3 => parts[2],
                _ => throw new ArgumentException(
                    $"{member.Name} has one colon; none or two are allowed.", nameof(parameters)),
            }] = member.Value;
        }

        return renamed;
    }

    private static void Write(JsonElement value, Utf8JsonWriter writer)
    {
        switch (value.ValueKind)
        {
            case JsonValueKind.Object:
                WriteMembers(value.EnumerateObject().Select(static member => (member.Name, member.Value)), writer);
                break;
            case JsonValueKind.Array when value.EnumerateArray().Any(IsNull):
                // A PHP array without one of its elements keeps the keys of the others.
                WriteMembers(value.EnumerateArray().Select(static (element, index) => ($"{index}", element)), writer);
                break;
            case JsonValueKind.Array:
                writer.WriteStartArray();
                foreach (var element in value.EnumerateArray())
                {
                    Write(element, writer);
                }

                writer.WriteEndArray();
                break;
            default:
                value.WriteTo(writer);
                break;
        }
    }

    private static void WriteMembers(IEnumerable<(string Name, JsonElement Value)> members, Utf8JsonWriter writer)
    {
        writer.WriteStartObject();
        foreach (var (name, value) in members.Where(static member => !IsNull(member.Value)))
        {
            writer.WritePropertyName(name);
            Write(value, writer);
        }

        writer.WriteEndObject();
    }

    private static bool IsNull(JsonElement value) => value.ValueKind == JsonValueKind.Null;
}
