using System.Text.Json;

namespace WikiBus.FunctionalTests.Documents;

/// <summary>
/// Compares an answer with its schema in the OpenAPI document. It is strict: a member that the schema does not name is
/// a difference, unless the schema has <c>additionalProperties</c>.
/// </summary>
internal static class SpecComparison
{
    /// <summary>Where the value differs from the schema.</summary>
    public static IEnumerable<string> Differences(JsonElement spec, JsonElement schema, JsonElement value, string path)
    {
        schema = Resolve(spec, schema);
        if (!schema.TryGetProperty("type", out var type))
        {
            return [];
        }

        var isNullable = schema.TryGetProperty("nullable", out var nullable) && nullable.GetBoolean();
        return (type.GetString(), value.ValueKind) switch
        {
            (_, JsonValueKind.Null) when isNullable => [],
            ("object", JsonValueKind.Object) => DifferencesOfObject(spec, schema, value, path),
            ("array", JsonValueKind.Array) => value.EnumerateArray().SelectMany((item, index) =>
                Differences(spec, schema.GetProperty("items"), item, $"{path}[{index}]")),
            ("string", JsonValueKind.String) when !schema.TryGetProperty("format", out _) => [],
            ("string", JsonValueKind.String) when IsTime(value.GetString()!) => [],
            ("integer" or "number", JsonValueKind.Number) => [],
            ("boolean", JsonValueKind.True or JsonValueKind.False) => [],
            _ => [$"{path} is {value.GetRawText()}, not {schema.GetRawText()}"],
        };
    }

    /// <summary>The item that a reference leads to, or the item itself.</summary>
    public static JsonElement Resolve(JsonElement spec, JsonElement item) =>
        item.TryGetProperty("$ref", out var reference)
            ? reference.GetString()!.Split('/').Skip(1).Aggregate(spec, static (at, name) => at.GetProperty(name))
            : item;

    private static IEnumerable<string> DifferencesOfObject(
        JsonElement spec, JsonElement schema, JsonElement value, string path)
    {
        var required = schema.TryGetProperty("required", out var names) ? names.EnumerateArray().ToList() : [];
        foreach (var name in required.Where(name => !value.TryGetProperty(name.GetString()!, out _)))
        {
            yield return $"{path} lacks {name}";
        }

        schema.TryGetProperty("properties", out var properties);
        schema.TryGetProperty("additionalProperties", out var others);
        foreach (var member in value.EnumerateObject())
        {
            var at = $"{path}.{member.Name}";
            if (properties.ValueKind == JsonValueKind.Object
                && properties.TryGetProperty(member.Name, out var property))
            {
                foreach (var difference in Differences(spec, property, member.Value, at))
                {
                    yield return difference;
                }
            }
            else if (others.ValueKind == JsonValueKind.Object)
            {
                foreach (var difference in Differences(spec, others, member.Value, at))
                {
                    yield return difference;
                }
            }
            else if (others.ValueKind != JsonValueKind.True)
            {
                yield return $"{at} is not in the schema";
            }
        }
    }

    /// <summary>RFC 3339 in UTC, the one form of time in all answers.</summary>
    private static bool IsTime(string text) =>
        text.EndsWith('Z') && text.Contains('T', StringComparison.Ordinal) && DateTimeOffset.TryParse(
            text, System.Globalization.CultureInfo.InvariantCulture, out _);
}
