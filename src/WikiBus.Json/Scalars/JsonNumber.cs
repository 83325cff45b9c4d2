using System.Buffers.Text;
using System.Diagnostics;
using System.Globalization;
using System.Numerics;
using System.Text;

namespace WikiBus.Json.Scalars;

/// <summary>
/// A JSON number, exact: its sign, its digits without zeros at either end, and the place of its point. The value is
/// 0.DIGITS × 10^Point.
/// </summary>
internal sealed class JsonNumber : IComparable<JsonNumber>
{
    /// <summary>Larger exponents count as this one, so that the arithmetic on exponents cannot overflow.</summary>
    private const long ExponentMax = 1L << 60;
    private const int DigitsPerChunk = 9;
    private const int ChunkScale = 1_000_000_000;

    private JsonNumber(bool isNegative, string digits, long point)
    {
        IsNegative = isNegative;
        Digits = digits;
        Point = point;
    }

    public bool IsNegative { get; }

    /// <summary>Empty for zero.</summary>
    public string Digits { get; }

    public long Point { get; }

    /// <summary>True for a whole number, however it is written (<c>1.0</c>, <c>1e2</c>).</summary>
    public bool IsInteger => Digits.Length <= Point || Digits.Length == 0;

    /// <summary>Reads a valid JSON number.</summary>
    public static JsonNumber Parse(ReadOnlySpan<byte> text)
    {
        var isNegative = text[0] == (byte)'-';
        var mantissa = isNegative ? text[1..] : text;
        var exponent = 0L;
        if (mantissa.IndexOfAny((byte)'e', (byte)'E') is var mark and >= 0)
        {
            exponent = ParseExponent(mantissa[(mark + 1)..]);
            mantissa = mantissa[..mark];
        }
        var dot = mantissa.IndexOf((byte)'.');
        var integerLength = dot < 0 ? mantissa.Length : dot;
        var digits = Encoding.ASCII.GetString(mantissa[..integerLength]);
        if (dot >= 0)
        {
            digits += Encoding.ASCII.GetString(mantissa[(dot + 1)..]);
        }

        var significant = digits.TrimStart('0');
        var point = integerLength - (digits.Length - significant.Length) + exponent;
        significant = significant.TrimEnd('0');
        return significant.Length == 0 ? new JsonNumber(false, "", 0) : new JsonNumber(isNegative, significant, point);
    }

    /// <summary>True if a number's text is a whole number.</summary>
    public static bool IsIntegerText(ReadOnlySpan<byte> text) => Parse(text).IsInteger;

    /// <summary>True if two texts are the same number.</summary>
    public static bool TextEquals(ReadOnlySpan<byte> left, ReadOnlySpan<byte> right) =>
        left.SequenceEqual(right) || Parse(left).CompareTo(Parse(right)) == 0;

    public int CompareTo(JsonNumber? other)
    {
        ArgumentNullException.ThrowIfNull(other);
        if (Sign != other.Sign)
        {
            return Sign.CompareTo(other.Sign);
        }

        return Sign >= 0 ? CompareMagnitude(other) : -CompareMagnitude(other);
    }

    /// <summary>
    /// True if this is an integer times <paramref name="divisor"/>, which is not zero. Exact, whatever the exponents.
    /// </summary>
    public bool IsMultipleOf(JsonNumber divisor)
    {
        Debug.Assert(divisor.Digits.Length > 0, "a divisor is not zero");
        if (Digits.Length == 0)
        {
            return true;
        }

        var shift = Scale - divisor.Scale;
        // The last digit is not zero, so a divisor with more powers of ten cannot divide the number.
        if (shift < 0)
        {
            return false;
        }

        var modulus = BigInteger.Parse(divisor.Digits, CultureInfo.InvariantCulture);
        var remainder = BigInteger.Zero;
        for (var start = 0; start < Digits.Length; start += DigitsPerChunk)
        {
            var length = Math.Min(DigitsPerChunk, Digits.Length - start);
            var scale = length == DigitsPerChunk ? ChunkScale : (int)Math.Pow(10, length);
            var chunk = int.Parse(Digits.AsSpan(start, length), CultureInfo.InvariantCulture);
            remainder = ((remainder * scale) + chunk) % modulus;
        }
        return (remainder * BigInteger.ModPow(10, shift, modulus) % modulus).IsZero;
    }

    public override int GetHashCode() =>
        HashCode.Combine(IsNegative, Point, string.GetHashCode(Digits, StringComparison.Ordinal));

    public override bool Equals(object? obj) => obj is JsonNumber other && CompareTo(other) == 0;

    private int Sign => Digits.Length == 0 ? 0 : IsNegative ? -1 : 1;

    /// <summary>The power of ten of the last digit.</summary>
    private long Scale => Point - Digits.Length;

    private int CompareMagnitude(JsonNumber other) =>
        Point != other.Point ? Point.CompareTo(other.Point) : string.CompareOrdinal(Digits, other.Digits);

    private static long ParseExponent(ReadOnlySpan<byte> text)
    {
        var isNegative = text[0] == (byte)'-';
        var digits = text[0] is (byte)'-' or (byte)'+' ? text[1..] : text;
        if (!Utf8Parser.TryParse(digits, out long value, out var read) || read != digits.Length || value > ExponentMax)
        {
            value = ExponentMax;
        }

        return isNegative ? -value : value;
    }
}
