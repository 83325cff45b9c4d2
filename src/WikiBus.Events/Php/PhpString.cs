using System.Buffers;
using System.Text;

namespace WikiBus.Events.Php;

/// <summary>Writes a string as PHP's <c>json_encode</c> does, see <see cref="PhpJsonWriter"/>.</summary>
internal static class PhpString
{
    // Every character that is escaped; U+2028 and U+2029 are, even with JSON_UNESCAPED_UNICODE.
    private static readonly SearchValues<char> s_escaped = SearchValues.Create(
        string.Concat(Enumerable.Range(0, 0x20).Select(code => (char)code)) + "\"\\\u2028\u2029");

    public static void Write(ReadOnlySpan<char> text, IBufferWriter<byte> output)
    {
        output.Write("\""u8);
        while (!text.IsEmpty)
        {
            var plainLength = text.IndexOfAny(s_escaped);
            Encoding.UTF8.GetBytes(plainLength < 0 ? text : text[..plainLength], output);
            if (plainLength < 0)
            {
                break;
            }

            WriteEscape(text[plainLength], output);
            text = text[(plainLength + 1)..];
        }

        output.Write("\""u8);
    }

    private static void WriteEscape(char character, IBufferWriter<byte> output)
    {
        switch (character)
        {
            case '"':
                output.Write("\\\""u8);
                break;
            case '\\':
                output.Write("\\\\"u8);
                break;
            case '\b':
                output.Write("\\b"u8);
                break;
            case '\f':
                output.Write("\\f"u8);
                break;
            case '\n':
                output.Write("\\n"u8);
                break;
            case '\r':
                output.Write("\\r"u8);
                break;
            case '\t':
                output.Write("\\t"u8);
                break;
            default:
                WriteHex(character, output);
                break;
        }
    }

    private static void WriteHex(char character, IBufferWriter<byte> output)
    {
        const string Digits = "0123456789abcdef";
        var escape = output.GetSpan(6);
        escape[0] = (byte)'\\';
        escape[1] = (byte)'u';
        for (var index = 0; index < 4; index++)
        {
            escape[2 + index] = (byte)Digits[(character >> (12 - (4 * index))) & 0xF];
        }

        output.Advance(6);
    }
}
