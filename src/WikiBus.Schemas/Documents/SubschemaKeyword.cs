using WikiBus.Json;

namespace WikiBus.Schemas.Documents;

/// <summary>A keyword that holds schemas, in the dialects that know it.</summary>
/// <param name="Name">The keyword.</param>
/// <param name="First">The first dialect that has it.</param>
/// <param name="Last">The last one.</param>
internal sealed record SubschemaKeyword(
    string Name, SchemaDialect First = SchemaDialect.Draft4, SchemaDialect Last = SchemaDialect.Draft202012)
{
    private static readonly Dictionary<string, SubschemaKeyword> s_all = new SubschemaKeyword[]
    {
        new("not"), new("allOf"), new("anyOf"), new("oneOf"), new("items"), new("properties"), new("patternProperties"),
        new("additionalProperties"), new("definitions"), new("dependencies"),
        new("additionalItems", Last: SchemaDialect.Draft7),
        new("contains", SchemaDialect.Draft6), new("propertyNames", SchemaDialect.Draft6),
        new("if", SchemaDialect.Draft7), new("then", SchemaDialect.Draft7), new("else", SchemaDialect.Draft7),
        new("$defs", SchemaDialect.Draft202012), new("prefixItems", SchemaDialect.Draft202012),
        new("dependentSchemas", SchemaDialect.Draft202012), new("unevaluatedItems", SchemaDialect.Draft202012),
        new("unevaluatedProperties", SchemaDialect.Draft202012), new("contentSchema", SchemaDialect.Draft202012),
    }.ToDictionary(keyword => keyword.Name, StringComparer.Ordinal);

    /// <summary>Keywords whose value maps names to schemas. The others hold a schema or a list of schemas.</summary>
    private static readonly HashSet<string> s_maps =
        new(["properties", "patternProperties", "definitions", "$defs", "dependencies", "dependentSchemas"],
            StringComparer.Ordinal);

    /// <summary>The schemas directly below a schema, in the keywords that the dialect has.</summary>
    public static List<JsonTapeValue> Below(JsonTapeValue schema, SchemaDialect dialect)
    {
        var found = new List<JsonTapeValue>();
        for (var members = schema.GetEnumerator(); members.MoveNext();)
        {
            var name = members.Name.GetString();
            if (!s_all.TryGetValue(name, out var keyword) || dialect < keyword.First || dialect > keyword.Last)
            {
                continue;
            }

            var isContainer = members.Current.Kind == JsonKind.Array || s_maps.Contains(name);
            if (!isContainer)
            {
                found.Add(members.Current);
            }

            for (var parts = members.Current.GetEnumerator(); isContainer && parts.MoveNext();)
            {
                found.Add(parts.Current);
            }
        }
        return found;
    }
}
