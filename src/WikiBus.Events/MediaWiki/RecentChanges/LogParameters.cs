using System.Buffers;
using System.Text.Json;
using WikiBus.Events.Php;

namespace WikiBus.Events.MediaWiki.RecentChanges;

/// <summary>The parameters of a log entry, in the form in which they are sent.</summary>
internal static class LogParameters
{
    /// <summary>Renames <c>4::target</c> to <c>target</c>, and leaves out what is null.</summary>
    public static JsonElement? Prepare(JsonElement? parameters) => parameters is { } given ? Prepare(given) : null;

    private static JsonElement Prepare(JsonElement parameters)
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
        using (var writer = new Utf8JsonWriter(output))
        {
            Write(parameters, NameSent, writer);
        }

        return JsonElement.Parse(output.WrittenSpan);
    }

    // MediaWiki marks parameters with a place and a type, as in 4::target and 5:number:count.
    private static string NameSent(string name)
    {
        var parts = name.Split(':', 3);
        return parts.Length switch
        {
            1 => name,
            3 => parts[2],
            _ => throw new ArgumentException($"The parameter {name} has one colon; none or two are allowed.", nameof(name)),
        };
    }

    private static void Write(JsonElement value, Func<string, string> nameSent, Utf8JsonWriter writer)
    {
        switch (value.ValueKind)
        {
            case JsonValueKind.Object:
                WriteMembers(
                    value.EnumerateObject().Select(member => (nameSent(member.Name), member.Value)), writer);
                break;
            case JsonValueKind.Array when value.EnumerateArray().Any(IsNull):
                // A PHP array without one of its elements keeps the keys of the others.
                WriteMembers(value.EnumerateArray().Select((element, index) => ($"{index}", element)), writer);
                break;
            case JsonValueKind.Array:
                writer.WriteStartArray();
                foreach (var element in value.EnumerateArray())
                {
                    Write(element, static name => name, writer);
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
            Write(value, static name => name, writer);
        }

        writer.WriteEndObject();
    }

    private static bool IsNull(JsonElement value) => value.ValueKind == JsonValueKind.Null;
}
