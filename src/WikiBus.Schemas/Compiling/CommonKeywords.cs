using WikiBus.Json;
using WikiBus.Schemas.Rules.Combinations;
using WikiBus.Schemas.Rules.Values;

namespace WikiBus.Schemas.Compiling;

/// <summary>Keywords for values of any kind, and those for the parts that the others do not evaluate.</summary>
internal static class CommonKeywords
{
    public static void Add(NodeBuilder builder)
    {
        if (builder.Vocabulary.HasValidation)
        {
            AddEqualities(builder);
        }

        if (builder.Vocabulary.HasApplicators)
        {
            AddCombinations(builder);
        }

        if (builder.IsClassic || !builder.Vocabulary.HasUnevaluated)
        {
            return;
        }

        if (builder.Child("unevaluatedItems"u8) is { } items)
        {
            builder.AddLast(new UnevaluatedRule(builder.Node, items, isForObjects: false));
        }

        if (builder.Child("unevaluatedProperties"u8) is { } properties)
        {
            builder.AddLast(new UnevaluatedRule(builder.Node, properties, isForObjects: true));
        }
    }

    private static void AddEqualities(NodeBuilder builder)
    {
        if (builder.IsFrom(SchemaDialect.Draft6) && builder.Has("const"u8))
        {
            builder.AddCommon(new EqualityRule(builder["const"u8], isConstant: true));
        }

        if (builder["enum"u8].Kind == JsonKind.Array)
        {
            builder.AddCommon(new EqualityRule(builder["enum"u8], isConstant: false));
        }
    }

    private static void AddCombinations(NodeBuilder builder)
    {
        if (builder.Child("not"u8) is { } excluded)
        {
            builder.AddCommon(new NotRule(excluded));
        }

        if (builder.Has("anyOf"u8))
        {
            builder.AddCommon(new AnyOfRule(builder.Children("anyOf"u8)));
        }

        if (builder.Has("oneOf"u8))
        {
            builder.AddCommon(new OneOfRule(builder.Children("oneOf"u8)));
        }

        if (builder.Has("allOf"u8))
        {
            builder.AddCommon(new AllOfRule(builder.Children("allOf"u8)));
        }

        if (builder.IsFrom(SchemaDialect.Draft7) && builder.Child("if"u8) is { } condition)
        {
            builder.AddCommon(new ConditionRule(condition, builder.Child("then"u8), builder.Child("else"u8)));
        }
    }
}
