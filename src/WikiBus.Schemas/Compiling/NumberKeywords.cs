using System.Text;
using WikiBus.Json;
using WikiBus.Json.Scalars;
using WikiBus.Schemas.Rules.Values;

namespace WikiBus.Schemas.Compiling;

/// <summary>Keywords for numbers.</summary>
internal static class NumberKeywords
{
    public static void Add(NodeBuilder builder)
    {
        AddLimits(builder, isMaximum: true, "maximum", "exclusiveMaximum");
        AddLimits(builder, isMaximum: false, "minimum", "exclusiveMinimum");
        if (builder.NumberOf("multipleOf"u8) is not { } divisor)
        {
            return;
        }

        if (JsonNumber.Parse(divisor.Raw) is { Digits.Length: 0 } or { IsNegative: true })
        {
            throw builder.Fault("multipleOf should be greater than 0");
        }

        builder.Add(JsonKind.Number, new MultipleOfRule(divisor));
    }

    /// <summary>In draft-04 the exclusive keyword is a flag beside the limit; later it is a limit of its own.</summary>
    private static void AddLimits(NodeBuilder builder, bool isMaximum, string keyword, string exclusiveKeyword)
    {
        var exclusive = builder[Encoding.ASCII.GetBytes(exclusiveKeyword)];
        var limit = builder.NumberOf(Encoding.ASCII.GetBytes(keyword));
        var isFlagged = exclusive.Kind == JsonKind.True;
        if (limit is { } value)
        {
            var name = isFlagged ? exclusiveKeyword : keyword;
            builder.Add(JsonKind.Number, new LimitRule(name, value, isMaximum, isFlagged));
        }
        if (exclusive.Kind == JsonKind.Number)
        {
            builder.Add(JsonKind.Number, new LimitRule(exclusiveKeyword, exclusive, isMaximum, isExclusive: true));
        }
    }
}
