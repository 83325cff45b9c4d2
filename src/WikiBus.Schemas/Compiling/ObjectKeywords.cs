using System.Text;
using WikiBus.Json;
using WikiBus.Schemas.Documents;
using WikiBus.Schemas.Patterns;
using WikiBus.Schemas.Rules;
using WikiBus.Schemas.Rules.Combinations;
using WikiBus.Schemas.Rules.Containers;

namespace WikiBus.Schemas.Compiling;

/// <summary>Keywords for objects.</summary>
internal static class ObjectKeywords
{
    public static void Add(NodeBuilder builder)
    {
        var required = builder.Vocabulary.HasValidation ? builder["required"u8].Texts() : [];
        if (builder.Vocabulary.HasValidation)
        {
            AddCounts(builder);
        }

        var entries = EntriesOf(builder, required);
        var requiredEntries = required.Distinct().Select(name => entries.First(entry => entry.Name == name));
        if (required.Length > 0)
        {
            builder.Add(JsonKind.Object, new RequiredRule([.. requiredEntries]));
        }

        AddDependencies(builder);
        if (!builder.Vocabulary.HasApplicators)
        {
            AddProperties(builder, entries, [], null);
            return;
        }
        if (builder.IsFrom(SchemaDialect.Draft6) && builder.Child("propertyNames"u8) is { } names)
        {
            builder.Add(JsonKind.Object, new PropertyNamesRule(names));
        }

        AddProperties(builder, entries, PatternsOf(builder), builder.Child("additionalProperties"u8));
    }

    private static void AddCounts(NodeBuilder builder)
    {
        if (builder.CountOf("maxProperties"u8) is { } most)
        {
            builder.Add(JsonKind.Object, new CountRule("maxProperties", most, isMaximum: true, "properties"));
        }

        if (builder.CountOf("minProperties"u8) is { } least)
        {
            builder.Add(JsonKind.Object, new CountRule("minProperties", least, isMaximum: false, "properties"));
        }
    }

    private static void AddProperties(
        NodeBuilder builder,
        List<PropertyEntry> entries,
        (string Source, EcmaPattern Pattern, SchemaNode Schema)[] patterns,
        SchemaNode? additional)
    {
        if (entries.Count > 0 || patterns.Length > 0 || additional is not null)
        {
            builder.Add(JsonKind.Object, new PropertiesRule([.. entries], patterns, additional));
        }
    }

    /// <summary>The names of <c>properties</c> in their order, then the names that are only required.</summary>
    private static List<PropertyEntry> EntriesOf(NodeBuilder builder, string[] required)
    {
        var entries = new List<PropertyEntry>();
        var names = new HashSet<string>(StringComparer.Ordinal);
        var properties = builder.Vocabulary.HasApplicators ? builder["properties"u8] : default;
        for (var members = properties.GetEnumerator(); members.MoveNext();)
        {
            var name = members.Name.GetString();
            names.Add(name);
            var schema = builder.Child(members.Current);
            entries.Add(new PropertyEntry(name, schema, required.Contains(name), DefaultOf(members)));
        }
        var further = required.Where(names.Add);
        entries.AddRange(further.Select(name => new PropertyEntry(name, null, IsRequired: true, null)));
        return entries;
    }

    private static ReadOnlyMemory<byte>? DefaultOf(JsonTapeEnumerator member)
    {
        var value = member.Current["default"u8];
        if (value.Kind == JsonKind.None)
        {
            return null;
        }

        return Encoding.UTF8.GetBytes($"{member.Name}:{ErrorText.Compact(value)}");
    }

    private static (string Source, EcmaPattern Pattern, SchemaNode Schema)[] PatternsOf(NodeBuilder builder)
    {
        var patterns = new List<(string Source, EcmaPattern Pattern, SchemaNode Schema)>();
        var areNamesBounded = builder["propertyNames"u8]["maxLength"u8].Kind == JsonKind.Number;
        for (var members = builder["patternProperties"u8].GetEnumerator(); members.MoveNext();)
        {
            var source = members.Name.GetString();
            var pattern = StringKeywords.Compile(builder, source, areNamesBounded);
            patterns.Add((source, pattern, builder.Child(members.Current)));
        }
        return [.. patterns];
    }

    /// <summary>
    /// <c>dependencies</c> holds names and schemas. 2020-12 has a keyword for each, and still accepts the old one.
    /// </summary>
    private static void AddDependencies(NodeBuilder builder)
    {
        AddNames(builder, "dependencies");
        if (!builder.IsClassic && builder.Vocabulary.HasValidation)
        {
            AddNames(builder, "dependentRequired");
        }

        AddSchemas(builder, "dependencies");
        if (!builder.IsClassic && builder.Vocabulary.HasApplicators)
        {
            AddSchemas(builder, "dependentSchemas");
        }
    }

    private static void AddNames(NodeBuilder builder, string keyword)
    {
        for (var members = builder[Encoding.ASCII.GetBytes(keyword)].GetEnumerator(); members.MoveNext();)
        {
            if (members.Current.Kind == JsonKind.Array)
            {
                builder.Add(JsonKind.Object,
                    new DependentRequiredRule(keyword, members.Name.GetString(), members.Current.Texts()));
            }
        }
    }

    private static void AddSchemas(NodeBuilder builder, string keyword)
    {
        for (var members = builder[Encoding.ASCII.GetBytes(keyword)].GetEnumerator(); members.MoveNext();)
        {
            if (members.Current.Kind != JsonKind.Array)
            {
                builder.Add(JsonKind.Object,
                    new DependentSchemaRule(keyword, members.Name.GetString(), builder.Child(members.Current)));
            }
        }
    }
}
