using System.Globalization;
using System.Text;

namespace WikiBus.Json.Parsing;

/// <summary>The messages about texts that are not JSON: what was found and what is allowed.</summary>
internal static class JsonFaults
{
    private const string StringHint =
        "a string holds no raw control character and no escape but \\\" \\\\ \\/ \\b \\f \\n \\r \\t \\uXXXX";

    public static JsonFault OfName(ReadOnlySpan<byte> text, int offset) =>
        Expect(text, offset, "expected is a member: a name in double quotes, a colon and a value");

    public static JsonFault OfValue(ReadOnlySpan<byte> text, int start, int offset) =>
        Expect(text, offset, start < text.Length ? text[start] switch
    {
        (byte)'"' => StringHint,
        (byte)'-' or (>= (byte)'0' and <= (byte)'9') => "a number needs a digit here",
        (byte)'t' => "expected is true",
        (byte)'f' => "expected is false",
        (byte)'n' => "expected is null",
        _ => "expected is an object, array, string, number, true, false or null",
    }
    : "expected is a value");

    /// <summary>After a value. <paramref name="container"/> is the kind of the container around it.</summary>
    public static JsonFault OfEnd(ReadOnlySpan<byte> text, int offset, JsonKind container) =>
        Expect(text, offset, container switch
    {
        JsonKind.Object => "expected is , or }",
        JsonKind.Array => "expected is , or ]",
        _ => "nothing may follow the value",
    });

    public static JsonFault OfDepth(int offset) =>
        new(offset, string.Create(CultureInfo.InvariantCulture, $"Nested deeper than {JsonToken.LevelMax} levels"));

    private static JsonFault Expect(ReadOnlySpan<byte> text, int offset, string expectation)
    {
        if (offset >= text.Length)
        {
            return new JsonFault(text.Length, $"The text ends too early: {expectation}");
        }

        Rune.DecodeFromUtf8(text[offset..], out var rune, out _);
        var what = Rune.IsControl(rune)
            ? string.Create(CultureInfo.InvariantCulture, $"control character 0x{rune.Value:X2}")
            : $"character {rune}";
        return new JsonFault(offset, $"Unexpected {what}: {expectation}");
    }
}
