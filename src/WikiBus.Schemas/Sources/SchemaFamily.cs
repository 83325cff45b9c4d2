using System.Buffers;
using System.Text;
using System.Text.Json;
using WikiBus.Schemas.Yaml;

namespace WikiBus.Schemas.Sources;

/// <summary>
/// Versions of one schema that differ by a few members, written once. Versions before <c>since</c> do not have that
/// member; its value is the rest of the object, or the member <c>value</c> in it. An entry <c>{name, until}</c> of a
/// list is only in the versions before <c>until</c>.
/// </summary>
internal sealed class SchemaFamily
{
    private readonly JsonElement _schema;

    private SchemaFamily(IReadOnlyList<string> versions, JsonElement schema)
    {
        Versions = versions;
        _schema = schema;
    }

    /// <summary>The versions, oldest first.</summary>
    public IReadOnlyList<string> Versions { get; }

    /// <exception cref="InvalidOperationException">The embedded text is damaged.</exception>
    public static SchemaFamily Parse(ReadOnlyMemory<byte> yaml)
    {
        if (!YamlConverter.TryConvert(Encoding.UTF8.GetString(yaml.Span), out var json, out var fault))
        {
            throw new InvalidOperationException($"A built-in family of schemas is damaged: {fault}");
        }

        using var document = JsonDocument.Parse(json);
        var root = document.RootElement;
        return new([.. root.GetProperty("versions").EnumerateArray().Select(static version => version.GetString()!)],
            root.GetProperty("schema").Clone());
    }

    /// <summary>The schema in one version as JSON; null if the family has no such version.</summary>
    public ReadOnlyMemory<byte>? Render(string folder, string version)
    {
        if (!Versions.Contains(version, StringComparer.Ordinal))
        {
            return null;
        }

        var uri = folder + "/" + version;
        var buffer = new ArrayBufferWriter<byte>();
        using var writer = new Utf8JsonWriter(buffer, new JsonWriterOptions { Indented = true });
        var rendering = new Rendering(writer, Version.Parse(version));
        writer.WriteStartObject();
        writer.WriteString("$id"u8, uri);
        foreach (var member in _schema.EnumerateObject())
        {
            if (member.NameEquals("examples"u8))
            {
                rendering.WriteExamples(member.Value, uri);
            }
            else
            {
                rendering.WriteMember(member);
            }
        }
        writer.WriteEndObject();
        writer.Flush();
        return buffer.WrittenMemory;
    }

    /// <summary>Writes the parts of one version.</summary>
    private readonly struct Rendering(Utf8JsonWriter writer, Version version)
    {
        public void WriteExamples(JsonElement examples, string uri)
        {
            writer.WriteStartArray("examples"u8);
            foreach (var example in examples.EnumerateArray())
            {
                writer.WriteStartObject();
                writer.WriteString("$schema"u8, uri);
                foreach (var member in example.EnumerateObject())
                {
                    WriteMember(member);
                }

                writer.WriteEndObject();
            }
            writer.WriteEndArray();
        }

        public void WriteMember(JsonProperty member)
        {
            var value = member.Value;
            if (value.ValueKind == JsonValueKind.Object && value.TryGetProperty("since"u8, out var since))
            {
                if (version < Version.Parse(since.GetString()!))
                {
                    return;
                }

                value = value.TryGetProperty("value"u8, out var bare) ? bare : value;
            }
            writer.WritePropertyName(member.Name);
            Write(value);
        }

        private void Write(JsonElement value)
        {
            switch (value.ValueKind)
            {
                case JsonValueKind.Object:
                    writer.WriteStartObject();
                    foreach (var member in value.EnumerateObject()
                        .Where(static member => !member.NameEquals("since"u8)))
                    {
                        WriteMember(member);
                    }

                    writer.WriteEndObject();
                    break;
                case JsonValueKind.Array:
                    writer.WriteStartArray();
                    foreach (var item in value.EnumerateArray())
                    {
                        WriteItem(item);
                    }

                    writer.WriteEndArray();
                    break;
                default:
                    value.WriteTo(writer);
                    break;
            }
        }

        private void WriteItem(JsonElement item)
        {
            if (item.ValueKind != JsonValueKind.Object || !item.TryGetProperty("until"u8, out var until))
            {
                Write(item);
            }
            else if (version < Version.Parse(until.GetString()!))
            {
                Write(item.GetProperty("name"u8));
            }
        }
    }
}
