using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace WikiBus.Json.Parsing;

/// <summary>
/// Finds where strings, numbers and literals end. Every method returns the index it reached, or the complement of the
/// index of the byte at fault. The position is passed by value, so that the parser's loop keeps it in a register.
/// </summary>
internal static class JsonScanner
{
    /// <summary>Moves from after the opening quote to the closing one.</summary>
    public static int FindQuote(ref byte text, int position, int length, out bool isPlain)
    {
        isPlain = true;
        while (true)
        {
            position = FindSpecial(ref text, position, length);
            if (position >= length)
            {
                return ~length;
            }

            var special = Unsafe.Add(ref text, position);
            if (special == '"')
            {
                return position;
            }

            if (special != '\\')
            {
                return ~position;
            }

            isPlain = false;
            position = SkipEscape(ref text, position, length);
            if (position < 0)
            {
                return position;
            }
        }
    }

    /// <summary>Moves to the next quote, backslash or control character; or to the end of the text.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static int FindSpecial(ref byte text, int position, int length)
    {
        while (Vector256.IsHardwareAccelerated && position <= length - Vector256<byte>.Count)
        {
            var chunk = Vector256.LoadUnsafe(ref text, (nuint)position);
            var found = Vector256.Equals(chunk, Vector256.Create((byte)'"'))
                | Vector256.Equals(chunk, Vector256.Create((byte)'\\'))
                | Vector256.Equals(Vector256.Min(chunk, Vector256.Create((byte)0x1F)), chunk);
            var bits = found.ExtractMostSignificantBits();
            if (bits != 0)
            {
                return position + BitOperations.TrailingZeroCount(bits);
            }

            position += Vector256<byte>.Count;
        }
        return FindSpecialInTail(ref text, position, length);
    }

    private static int FindSpecialInTail(ref byte text, int position, int length)
    {
        while (position <= length - Vector128<byte>.Count)
        {
            var chunk = Vector128.LoadUnsafe(ref text, (nuint)position);
            var found = Vector128.Equals(chunk, Vector128.Create((byte)'"'))
                | Vector128.Equals(chunk, Vector128.Create((byte)'\\'))
                | Vector128.Equals(Vector128.Min(chunk, Vector128.Create((byte)0x1F)), chunk);
            var bits = found.ExtractMostSignificantBits();
            if (bits != 0)
            {
                return position + BitOperations.TrailingZeroCount(bits);
            }

            position += Vector128<byte>.Count;
        }
        while (position < length && Unsafe.Add(ref text, position) is var unit && unit >= 0x20 && unit != '"'
            && unit != '\\')
        {
            position++;
        }

        return position;
    }

    private static int SkipEscape(ref byte text, int position, int length)
    {
        if (position + 1 >= length)
        {
            return ~length;
        }

        switch (Unsafe.Add(ref text, position + 1))
        {
            case (byte)'"' or (byte)'\\' or (byte)'/' or (byte)'b' or (byte)'f' or (byte)'n' or (byte)'r' or (byte)'t':
                return position + 2;
            case (byte)'u':
                for (var i = position + 2; i < position + 6; i++)
                {
                    if (i >= length)
                    {
                        return ~length;
                    }

                    if (!char.IsAsciiHexDigit((char)Unsafe.Add(ref text, i)))
                    {
                        return ~i;
                    }
                }
                return position + 6;
            default:
                return ~(position + 1);
        }
    }

    /// <summary>
    /// Moves from a number's first byte to after its last. Plain means without fraction and exponent.
    /// </summary>
    public static int FindNumberEnd(ref byte text, int position, int length, out bool isPlain)
    {
        isPlain = true;
        if (Unsafe.Add(ref text, position) == '-')
        {
            position++;
        }

        if (position < length && Unsafe.Add(ref text, position) == '0')
        {
            position++;
        }
        else
        {
            position = SkipDigits(ref text, position, length);
        }

        if (position < 0 || position == length)
        {
            return position;
        }

        if (Unsafe.Add(ref text, position) == '.')
        {
            isPlain = false;
            position = SkipDigits(ref text, position + 1, length);
            if (position < 0 || position == length)
            {
                return position;
            }
        }
        if ((Unsafe.Add(ref text, position) | 0x20) != 'e')
        {
            return position;
        }

        isPlain = false;
        position++;
        if (position < length && Unsafe.Add(ref text, position) is (byte)'+' or (byte)'-')
        {
            position++;
        }

        return SkipDigits(ref text, position, length);
    }

    /// <summary>Moves over one or more digits.</summary>
    private static int SkipDigits(ref byte text, int position, int length)
    {
        var start = position;
        while (position < length && (uint)(Unsafe.Add(ref text, position) - '0') <= 9)
        {
            position++;
        }

        return position > start ? position : ~position;
    }

    /// <summary>Moves over <c>true</c>, <c>false</c> or <c>null</c>.</summary>
    public static int FindLiteralEnd(ref byte text, int position, int length, ReadOnlySpan<byte> literal)
    {
        for (var i = 0; i < literal.Length; i++)
        {
            if (position + i >= length || Unsafe.Add(ref text, position + i) != literal[i])
            {
                return ~Math.Min(position + i, length);
            }
        }
        return position + literal.Length;
    }

    /// <summary>Moves over space, tab, line feed and carriage return.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int SkipWhiteSpace(ref byte text, int position, int length)
    {
        while (position < length && Unsafe.Add(ref text, position) is var unit
            && unit <= ' ' && unit is (byte)' ' or (byte)'\n' or (byte)'\r' or (byte)'\t')
        {
            position++;
        }

        return position;
    }
}
