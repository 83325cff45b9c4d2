using System.Text;
using System.Text.Json;
using WikiBus.Schemas.Yaml;

namespace WikiBus.Schemas.Tests.BuiltIn;

/// <summary>The names of all members in a folder of schemas, so that mutations hit optional members, too.</summary>
internal static class SchemaMemberNames
{
    public static IReadOnlyList<string> Read(string folder)
    {
        var names = new SortedSet<string>(StringComparer.Ordinal) { "no_such_member" };
        foreach (var file in Directory.EnumerateFiles(folder, "*.yaml", SearchOption.AllDirectories))
        {
            YamlConverter.TryConvert(Encoding.UTF8.GetString(File.ReadAllBytes(file)), out var json, out var fault)
                .ShouldBeTrue(fault);
            using var document = JsonDocument.Parse(json);
            Collect(document.RootElement, names);
        }
        return [.. names];
    }

    private static void Collect(JsonElement schema, SortedSet<string> names)
    {
        if (schema.ValueKind == JsonValueKind.Array)
        {
            foreach (var item in schema.EnumerateArray())
            {
                Collect(item, names);
            }
        }
        if (schema.ValueKind != JsonValueKind.Object)
        {
            return;
        }

        foreach (var member in schema.EnumerateObject())
        {
            if (member.NameEquals("properties"u8))
            {
                names.UnionWith(member.Value.EnumerateObject().Select(static property => property.Name));
            }

            Collect(member.Value, names);
        }
    }
}
