using WikiBus.Json;
using WikiBus.Schemas.Documents;
using WikiBus.Schemas.Rules.Containers;

namespace WikiBus.Schemas.Compiling;

/// <summary>Keywords for arrays.</summary>
internal static class ArrayKeywords
{
    public static void Add(NodeBuilder builder)
    {
        if (builder.Vocabulary.HasValidation)
        {
            AddCounts(builder);
        }

        if (builder.Vocabulary.HasApplicators)
        {
            AddItems(builder);
            AddContains(builder);
        }
        if (builder.Vocabulary.HasValidation && builder["uniqueItems"u8].Kind == JsonKind.True)
        {
            builder.Add(JsonKind.Array, new UniqueItemsRule(!SecurityCheck.MayBeContainers(builder["items"u8])));
        }
    }

    private static void AddCounts(NodeBuilder builder)
    {
        if (builder.CountOf("maxItems"u8) is { } most)
        {
            builder.Add(JsonKind.Array, new CountRule("maxItems", most, isMaximum: true, "items"));
        }

        if (builder.CountOf("minItems"u8) is { } least)
        {
            builder.Add(JsonKind.Array, new CountRule("minItems", least, isMaximum: false, "items"));
        }
    }

    private static void AddItems(NodeBuilder builder)
    {
        var isTuple = builder.IsClassic && builder["items"u8].Kind == JsonKind.Array;
        var (first, rest, firstPlace, restPlace) = (builder.IsClassic, isTuple) switch
        {
            (true, true) =>
                (builder.Children("items"u8), builder.Child("additionalItems"u8), "items", "additionalItems"),
            (true, false) => ([], builder.Child("items"u8), "items", "items"),
            _ => (builder.Children("prefixItems"u8), builder.Child("items"u8), "prefixItems", "items"),
        };
        if (first.Length > 0 || rest is not null)
        {
            builder.Add(JsonKind.Array, new ItemsRule(first, rest, firstPlace, restPlace));
        }
    }

    private static void AddContains(NodeBuilder builder)
    {
        if (!builder.IsFrom(SchemaDialect.Draft6) || builder.Child("contains"u8) is not { } wanted)
        {
            return;
        }

        var least = builder.IsClassic ? null : builder.CountOf("minContains"u8);
        var most = builder.IsClassic ? null : builder.CountOf("maxContains"u8);
        builder.Add(JsonKind.Array, new ContainsRule(wanted, least ?? 1, most, marks: !builder.IsClassic));
    }
}
