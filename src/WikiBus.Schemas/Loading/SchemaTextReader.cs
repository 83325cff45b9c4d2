using System.Text;
using WikiBus.Json;
using WikiBus.Schemas.Yaml;

namespace WikiBus.Schemas.Loading;

/// <summary>Reads a schema as JSON, else as YAML, whatever the name of its file.</summary>
internal static class SchemaTextReader
{
    /// <summary>Deepest nesting, for JSON as for YAML.</summary>
    private const int NestingMax = YamlConverter.NestingMax;

    /// <summary>Reads a text; the fault says where it is wrong.</summary>
    public static bool TryRead(ReadOnlyMemory<byte> text, out SchemaText? schema, out string? fault)
    {
        if (text.Span.StartsWith(Encoding.UTF8.Preamble))
        {
            text = text[Encoding.UTF8.Preamble.Length..];
        }

        schema = null;
        if (!System.Text.Unicode.Utf8.IsValid(text.Span))
        {
            fault = "the text is not UTF-8";
            return false;
        }
        var tape = new JsonTape();
        if (tape.TryParse(text, out _))
        {
            fault = FindFault(tape.Root);
            schema = fault is null ? new SchemaText(text, IsJson: true, text) : null;
            return fault is null;
        }
        if (!YamlConverter.TryConvert(Encoding.UTF8.GetString(text.Span), out var json, out fault))
        {
            return false;
        }

        schema = new SchemaText(text, IsJson: false, json);
        return true;
    }

    private static string? FindFault(JsonTapeValue root)
    {
        if (root.Depth > NestingMax)
        {
            return $"nested more than {NestingMax} deep";
        }

        return root.FindDuplicateName() is { } name ? $"the member '{name}' stands twice in one object" : null;
    }
}
