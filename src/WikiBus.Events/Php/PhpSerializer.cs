using System.Buffers;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;

namespace WikiBus.Events.Php;

/// <summary>
/// Writes JSON as PHP's <c>serialize</c> does after <c>json_decode</c> into arrays. Example: <c>{"a":[1,"é"]}</c>
/// becomes <c>a:1:{s:1:"a";a:2:{i:0;i:1;i:1;s:2:"é";}}</c>. PHP must be able to encode the JSON (see
/// <see cref="PhpJsonWriter.TryWriteValue"/>).
/// </summary>
internal static class PhpSerializer
{
    public static void Write(JsonElement value, IBufferWriter<byte> output)
    {
        switch (value.ValueKind)
        {
            case JsonValueKind.Object:
                Write(PhpJsonWriter.ReadMembers(value), output);
                break;
            case JsonValueKind.Array:
                WriteList(value, output);
                break;
            case JsonValueKind.String:
                Write(value.GetString()!, output);
                break;
            case JsonValueKind.Number:
                WriteNumber(JsonMarshal.GetRawUtf8Value(value), output);
                break;
            case JsonValueKind.True or JsonValueKind.False:
                output.Write(value.GetBoolean() ? "b:1;"u8 : "b:0;"u8);
                break;
            default:
                output.Write("N;"u8);
                break;
        }
    }

    /// <summary>Writes a string; its length is counted in bytes.</summary>
    public static void Write(string text, IBufferWriter<byte> output)
    {
        WriteText($"s:{Encoding.UTF8.GetByteCount(text)}:\"{text}\";", output);
    }

    /// <summary>Writes an array with these keys, in this order.</summary>
    public static void Write(IReadOnlyCollection<KeyValuePair<string, JsonElement>> members, IBufferWriter<byte> output)
    {
        BeginArray(members.Count, output);
        foreach (var (key, member) in members)
        {
            WriteKey(key, output);
            Write(member, output);
        }

        EndArray(output);
    }

    /// <summary>Begins an array; its keys and values follow in turns.</summary>
    public static void BeginArray(int count, IBufferWriter<byte> output) => WriteText($"a:{count}:{{", output);

    public static void EndArray(IBufferWriter<byte> output) => output.Write("}"u8);

    private static void WriteList(JsonElement list, IBufferWriter<byte> output)
    {
        BeginArray(list.GetArrayLength(), output);
        foreach (var (index, element) in list.EnumerateArray().Index())
        {
            WriteText($"i:{index};", output);
            Write(element, output);
        }

        EndArray(output);
    }

    // PHP's arrays have integers as keys where a string is a decimal integer in its usual form: "5", but not "05".
    private static void WriteKey(string key, IBufferWriter<byte> output)
    {
        if (long.TryParse(key, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var integer)
            && key.Equals(integer.ToString(CultureInfo.InvariantCulture), StringComparison.Ordinal))
        {
            WriteText($"i:{integer};", output);
            return;
        }

        Write(key, output);
    }

    private static void WriteNumber(ReadOnlySpan<byte> json, IBufferWriter<byte> output)
    {
        if (PhpNumber.TryReadInteger(json, out var integer))
        {
            WriteText($"i:{integer};", output);
            return;
        }

        var value = double.Parse(json, NumberStyles.Float, CultureInfo.InvariantCulture);
        WriteText($"d:{PhpNumber.FormatFloat(value).ToUpperInvariant()};", output);
    }

    private static void WriteText(FormattableString text, IBufferWriter<byte> output) =>
        Encoding.UTF8.GetBytes(FormattableString.Invariant(text), output);
}
