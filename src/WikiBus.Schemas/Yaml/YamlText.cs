using WikiBus.Schemas.Yaml;

namespace WikiBus.Schemas;

/// <summary>Reads YAML documents as JSON, as schemas are read: YAML 1.2's core schema, one document, bounded.</summary>
public static class YamlText
{
    /// <summary>Converts a text; may be called concurrently.</summary>
    /// <param name="yaml">One document.</param>
    /// <param name="json">Its JSON, UTF-8; empty when there is a fault.</param>
    /// <param name="fault">What is wrong and at which line and column; null when nothing is.</param>
    public static bool TryToJson(string yaml, out ReadOnlyMemory<byte> json, out string? fault) =>
        YamlConverter.TryConvert(yaml, out json, out fault);
}
