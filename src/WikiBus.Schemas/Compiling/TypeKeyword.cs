using WikiBus.Json;
using WikiBus.Schemas.Documents;

namespace WikiBus.Schemas.Compiling;

/// <summary><c>type</c>. It is a part of the node and decides which rules run.</summary>
internal static class TypeKeyword
{
    public static void Fill(NodeBuilder builder)
    {
        var type = builder["type"u8];
        if (type.Kind == JsonKind.None)
        {
            return;
        }

        var names = type.Kind == JsonKind.Array
            ? type.Texts()
            : [type.TextOrNull() ?? ""];
        var kinds = 0;
        foreach (var name in names)
        {
            kinds |= name switch
            {
                "null" => Bit(JsonKind.Null),
                "boolean" => Bit(JsonKind.True) | Bit(JsonKind.False),
                "integer" or "number" => Bit(JsonKind.Number),
                "string" => Bit(JsonKind.String),
                "array" => Bit(JsonKind.Array),
                "object" => Bit(JsonKind.Object),
                _ => throw builder.Fault($"there is no type \"{name}\""),
            };
        }
        builder.Node.FillType(names, kinds, names.Contains("integer") && !names.Contains("number"));
    }

    private static int Bit(JsonKind kind) => 1 << (int)kind;
}
