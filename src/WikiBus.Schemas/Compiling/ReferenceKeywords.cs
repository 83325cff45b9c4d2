using WikiBus.Schemas.Rules.Combinations;

namespace WikiBus.Schemas.Compiling;

/// <summary><c>$ref</c> and <c>$dynamicRef</c>.</summary>
internal static class ReferenceKeywords
{
    public static void Add(NodeBuilder builder, NodeCompiler compiler)
    {
        if (builder.TextOf("$ref"u8) is { } reference)
        {
            builder.AddCommon(new ReferenceRule(compiler.Refer(builder.Location, reference), reference));
        }

        if (!builder.IsClassic && builder.TextOf("$dynamicRef"u8) is { } dynamicReference)
        {
            builder.AddCommon(compiler.ReferDynamically(builder.Location, dynamicReference));
        }
    }
}
