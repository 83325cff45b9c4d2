using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using WikiBus.Json.Scalars;

namespace WikiBus.Json.Parsing;

/// <summary>
/// Reads a text into tokens in one pass. Nesting is kept in the tokens themselves (an open container holds its parent's
/// index), so depth costs neither stack nor time.
/// </summary>
internal static class JsonTapeParser
{
    /// <summary>A first guess, enough for most events.</summary>
    private const int TokensFirst = 256;

    /// <summary>A name and its value.</summary>
    private const int TokensPerStep = 2;

    /// <summary>Reads a text.</summary>
    /// <param name="utf8">The text, valid UTF-8.</param>
    /// <param name="tokens">Where the tokens go; replaced by a larger array when it is too small.</param>
    /// <param name="levelMax">The deepest nesting.</param>
    /// <param name="fault">Where and why the text is not JSON.</param>
    public static bool TryParse(ReadOnlySpan<byte> utf8, ref JsonToken[] tokens, out int levelMax, out JsonFault fault)
    {
        ref var text = ref MemoryMarshal.GetReference(utf8);
        var list = tokens;
        int length = utf8.Length, position = 0, count = 0, open = -1, level = 0;
        var inObject = false;
        levelMax = 0;
        while (true)
        {
            if (count + TokensPerStep > list.Length)
            {
                Grow(ref tokens, ref list);
            }

            position = JsonScanner.SkipWhiteSpace(ref text, position, length);
            if (inObject && (position = ReadName(ref text, position, length, ref list[count++])) < 0)
            {
                return Fail(JsonFaults.OfName(utf8, ~position), out fault);
            }

            var unit = position < length ? Unsafe.Add(ref text, position) : default;
            if (unit is (byte)'{' or (byte)'[')
            {
                inObject = unit == '{';
                if (++level > JsonToken.LevelMax)
                {
                    return Fail(JsonFaults.OfDepth(position), out fault);
                }

                levelMax = Math.Max(levelMax, level);
                list[count].OpenContainer(inObject ? JsonKind.Object : JsonKind.Array, position, open, level);
                open = count++;
                position = JsonScanner.SkipWhiteSpace(ref text, position + 1, length);
                if (position >= length || Unsafe.Add(ref text, position) != unit + 2)
                {
                    continue;
                }
            }
            else
            {
                var start = position;
                position = ReadScalar(ref text, position, length, ref list[count], ++count);
                if (position < 0)
                {
                    return Fail(JsonFaults.OfValue(utf8, start, ~position), out fault);
                }
            }
            position = CloseEnded(ref text, position, length, list, count, ref open, ref level);
            if (position < 0)
            {
                return Fail(JsonFaults.OfEnd(utf8, ~position, open < 0 ? JsonKind.None : list[open].Kind), out fault);
            }

            if (open < 0)
            {
                fault = default;
                return true;
            }
            inObject = list[open].Kind == JsonKind.Object;
        }
    }

    /// <summary>
    /// After a value: closes the containers that end here, then moves over the comma before the next value, or to the
    /// end of the text.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static int CloseEnded(
        ref byte text, int position, int length, JsonToken[] tokens, int count, ref int open, ref int level)
    {
        while (true)
        {
            position = JsonScanner.SkipWhiteSpace(ref text, position, length);
            if (open < 0)
            {
                return position == length ? position : ~position;
            }

            if (position >= length)
            {
                return ~position;
            }

            var unit = Unsafe.Add(ref text, position);
            if (unit == ',')
            {
                return position + 1;
            }

            ref var container = ref tokens[open];
            if (unit != (container.Kind == JsonKind.Object ? '}' : ']'))
            {
                return ~position;
            }

            container.End = ++position;
            open = container.Next;
            container.Next = count;
            level--;
        }
    }

    /// <summary>Reads a member's name and the colon; returns where its value begins.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static int ReadName(ref byte text, int position, int length, ref JsonToken token)
    {
        if (position >= length || Unsafe.Add(ref text, position) != '"')
        {
            return ~position;
        }

        var start = position + 1;
        var end = JsonScanner.FindQuote(ref text, start, length, out var isPlain);
        if (end < 0)
        {
            return end;
        }

        var hash = isPlain
            ? JsonName.Hash(ref Unsafe.Add(ref text, start), end - start)
            : JsonName.HashEscaped(MemoryMarshal.CreateReadOnlySpan(ref Unsafe.Add(ref text, start), end - start));
        token.SetScalar(JsonKind.String, position, end + 1, hash, isPlain);
        position = JsonScanner.SkipWhiteSpace(ref text, end + 1, length);
        if (position >= length || Unsafe.Add(ref text, position) != ':')
        {
            return ~position;
        }

        return JsonScanner.SkipWhiteSpace(ref text, position + 1, length);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static int ReadScalar(ref byte text, int position, int length, ref JsonToken token, int next)
    {
        var start = position;
        var isPlain = true;
        JsonKind kind;
        switch (position < length ? Unsafe.Add(ref text, position) : default)
        {
            case (byte)'"':
                kind = JsonKind.String;
                position = JsonScanner.FindQuote(ref text, position + 1, length, out isPlain);
                position += position < 0 ? 0 : 1;
                break;
            case (>= (byte)'0' and <= (byte)'9') or (byte)'-':
                kind = JsonKind.Number;
                position = JsonScanner.FindNumberEnd(ref text, position, length, out isPlain);
                break;
            case (byte)'t':
                kind = JsonKind.True;
                position = JsonScanner.FindLiteralEnd(ref text, position, length, "true"u8);
                break;
            case (byte)'f':
                kind = JsonKind.False;
                position = JsonScanner.FindLiteralEnd(ref text, position, length, "false"u8);
                break;
            case (byte)'n':
                kind = JsonKind.Null;
                position = JsonScanner.FindLiteralEnd(ref text, position, length, "null"u8);
                break;
            default:
                return ~position;
        }
        token.SetScalar(kind, start, position, next, isPlain);
        return position;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void Grow(ref JsonToken[] tokens, ref JsonToken[] list)
    {
        Array.Resize(ref tokens, Math.Max(TokensFirst, tokens.Length * 2));
        list = tokens;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static bool Fail(JsonFault reason, out JsonFault fault)
    {
        fault = reason;
        return false;
    }
}
