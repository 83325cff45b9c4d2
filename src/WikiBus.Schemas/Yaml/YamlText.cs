using WikiBus.Schemas.Yaml;

namespace WikiBus.Schemas;

/// <summary>Converts YAML to JSON: one document in YAML 1.2's core schema, of limited size and depth.</summary>
public static class YamlText
{
    /// <summary>Converts a text. Safe for concurrent use.</summary>
    /// <param name="yaml">One document.</param>
    /// <param name="json">Its JSON, UTF-8; empty when there is a fault.</param>
    /// <param name="fault">What is wrong, with line and column; null when there is no fault.</param>
    public static bool TryToJson(string yaml, out ReadOnlyMemory<byte> json, out string? fault) =>
        YamlConverter.TryConvert(yaml, out json, out fault);
}
