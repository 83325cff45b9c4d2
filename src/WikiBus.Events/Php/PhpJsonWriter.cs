using System.Buffers;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Text.Json;

namespace WikiBus.Events.Php;

/// <summary>
/// Writes JSON as PHP's <c>json_encode</c> does with JSON_UNESCAPED_SLASHES and JSON_UNESCAPED_UNICODE after
/// <c>json_decode</c> into arrays. The differences from a copy of the text:
/// <list type="bullet">
/// <item>An empty object, and one whose keys are "0", "1", … in order, becomes a list.</item>
/// <item>For equal keys, the last value is written at the place of the first.</item>
/// <item>An integer beyond 64 bits becomes a float; floats have the shortest digits that round trip.</item>
/// <item>Only quotes, backslashes, control characters below space, U+2028 and U+2029 are escaped.</item>
/// </list>
/// </summary>
internal static class PhpJsonWriter
{
    /// <summary>Writes an object without one of its members.</summary>
    /// <returns>
    /// False when PHP could not decode it (lone surrogates) or not encode it (floats beyond the range).
    /// </returns>
    public static bool TryWriteObject(JsonElement value, string memberLeftOut, IBufferWriter<byte> output)
    {
        try
        {
            return TryWriteMembers(value, memberLeftOut, output);
        }
        catch (InvalidOperationException)
        {
            // A string has a lone surrogate or invalid UTF-8. Nothing can check that before.
            return false;
        }
    }

    /// <summary>Writes a value of any kind.</summary>
    /// <returns>False in the cases of <see cref="TryWriteObject"/>.</returns>
    public static bool TryWriteValue(JsonElement value, IBufferWriter<byte> output)
    {
        try
        {
            return TryWrite(value, output);
        }
        catch (InvalidOperationException)
        {
            return false;
        }
    }

    /// <summary>Is a PHP array with these keys a list? It is if it is empty, too.</summary>
    public static bool IsList(IEnumerable<string> keys) =>
        keys.Select(static (key, index) => (key, index)).All(static entry =>
            string.Equals(entry.key, entry.index.ToString(CultureInfo.InvariantCulture), StringComparison.Ordinal));

    /// <summary>The object's members; for equal keys, the last value at the place of the first.</summary>
    public static OrderedDictionary<string, JsonElement> ReadMembers(JsonElement value)
    {
        var members = new OrderedDictionary<string, JsonElement>(StringComparer.Ordinal);
        foreach (var member in value.EnumerateObject())
        {
            // The indexer keeps the place of an equal key.
            members[member.Name] = member.Value;
        }

        return members;
    }

    private static bool TryWrite(JsonElement value, IBufferWriter<byte> output)
    {
        switch (value.ValueKind)
        {
            case JsonValueKind.Object:
                return TryWriteMembers(value, memberLeftOut: null, output);
            case JsonValueKind.Array:
                return TryWriteElements(value, output);
            case JsonValueKind.String:
                PhpString.Write(value.GetString()!, output);
                return true;
            case JsonValueKind.Number:
                return PhpNumber.TryWrite(JsonMarshal.GetRawUtf8Value(value), output);
            default:
                output.Write(JsonMarshal.GetRawUtf8Value(value));
                return true;
        }
    }

    private static bool TryWriteElements(JsonElement list, IBufferWriter<byte> output)
    {
        output.Write("["u8);
        var isFirst = true;
        foreach (var element in list.EnumerateArray())
        {
            WriteSeparator(ref isFirst, output);
            if (!TryWrite(element, output))
            {
                return false;
            }
        }

        output.Write("]"u8);
        return true;
    }

    private static bool TryWriteMembers(JsonElement value, string? memberLeftOut, IBufferWriter<byte> output)
    {
        var members = ReadMembers(value);
        if (memberLeftOut is not null)
        {
            members.Remove(memberLeftOut);
        }

        var isList = IsList(members.Keys);
        output.Write(isList ? "["u8 : "{"u8);
        var isFirst = true;
        foreach (var (name, member) in members)
        {
            WriteSeparator(ref isFirst, output);
            if (!isList)
            {
                PhpString.Write(name, output);
                output.Write(":"u8);
            }

            if (!TryWrite(member, output))
            {
                return false;
            }
        }

        output.Write(isList ? "]"u8 : "}"u8);
        return true;
    }

    private static void WriteSeparator(ref bool isFirst, IBufferWriter<byte> output)
    {
        if (!isFirst)
        {
            output.Write(","u8);
        }

        isFirst = false;
    }
}
