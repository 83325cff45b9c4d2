using WikiBus.Json;

namespace WikiBus.Schemas.Documents;

/// <summary>
/// EventGate's check of a schema before it compiles it: a keyword that can be slow for large input needs another one
/// beside it that bounds the input.
/// </summary>
internal static class SecurityCheck
{
    /// <exception cref="SchemaFaultException">The schema is insecure.</exception>
    public static void Run(SchemaDocument document, JsonTapeValue schema, SchemaDialect dialect)
    {
        if (schema.Kind != JsonKind.Object)
        {
            return;
        }

        if (FindFault(schema) is { } fault)
        {
            throw new SchemaFaultException($"insecure schema: {fault} at path \"{document.PathOf(schema.Index)}\"");
        }

        foreach (var below in SubschemaKeyword.Below(schema, dialect))
        {
            Run(document, below, dialect);
        }
    }

    private static string? FindFault(JsonTapeValue schema)
    {
        var isBounded = Has(schema, "maxLength"u8);
        if (!isBounded && (Has(schema, "pattern"u8) || Has(schema, "format"u8)))
        {
            return "pattern and format need maxLength beside them";
        }

        if (Has(schema, "patternProperties"u8) && !Has(schema["propertyNames"u8], "maxLength"u8))
        {
            return "patternProperties needs propertyNames with maxLength beside it";
        }

        var areItemsLarge = schema["uniqueItems"u8].Kind == JsonKind.True && MayBeContainers(schema["items"u8]);
        return areItemsLarge && !Has(schema, "maxItems"u8)
            ? "uniqueItems over objects or arrays needs maxItems beside it"
            : null;
    }

    /// <summary>False only if a type says that the elements are scalars.</summary>
    public static bool MayBeContainers(JsonTapeValue items)
    {
        var type = items["type"u8];
        if (type.Kind == JsonKind.Array)
        {
            return type.Texts().Any(name => name is "object" or "array");
        }

        return type.Kind != JsonKind.String || type.TextEquals("object"u8) || type.TextEquals("array"u8);
    }

    private static bool Has(JsonTapeValue schema, ReadOnlySpan<byte> keyword) => schema[keyword].Kind != JsonKind.None;
}
