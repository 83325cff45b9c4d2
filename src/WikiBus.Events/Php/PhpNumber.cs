using System.Buffers;
using System.Buffers.Text;
using System.Globalization;
using System.Text;

namespace WikiBus.Events.Php;

/// <summary>
/// Writes a number as PHP reads and writes it (<c>serialize_precision = -1</c>), see <see cref="PhpJsonWriter"/>.
/// </summary>
internal static class PhpNumber
{
    // Places of the decimal point (0.DIGITS × 10^point) that PHP writes without an exponent: php_gcvt with 17 digits.
    private const int PointMin = -3;
    private const int PointMax = 17;

    /// <summary>Writes a JSON number; false when it is a float beyond the range, which PHP cannot encode.</summary>
    public static bool TryWrite(ReadOnlySpan<byte> json, IBufferWriter<byte> output)
    {
        if (TryReadInteger(json, out var integer))
        {
            Write(integer.ToString(CultureInfo.InvariantCulture), output);
            return true;
        }

        var value = double.Parse(json, NumberStyles.Float, CultureInfo.InvariantCulture);
        if (!double.IsFinite(value))
        {
            return false;
        }

        Write(FormatFloat(value), output);
        return true;
    }

    /// <summary>Reads a JSON number that is an integer of 64 bits in PHP; all others are floats there.</summary>
    public static bool TryReadInteger(ReadOnlySpan<byte> json, out long integer)
    {
        integer = 0;
        return json.IndexOfAny((byte)'.', (byte)'e', (byte)'E') < 0
            && Utf8Parser.TryParse(json, out integer, out var consumed)
            && consumed == json.Length;
    }

    /// <summary>A finite float with the shortest digits that round trip, in PHP's form.</summary>
    internal static string FormatFloat(double value)
    {
        var sign = double.IsNegative(value) ? "-" : "";
        if (value == 0)
        {
            return sign + "0";
        }

        var (digits, point) = ShortestDigits(Math.Abs(value));
        return sign + (point is >= PointMin and <= PointMax
            ? WithoutExponent(digits, point)
            : WithExponent(digits, point));
    }

    // The value is 0.DIGITS × 10^point; the digits have no leading or trailing zeros.
    private static (string Digits, int Point) ShortestDigits(double value)
    {
        var text = value.ToString("R", CultureInfo.InvariantCulture);
        var mantissaLength = text.IndexOf('E', StringComparison.Ordinal);
        var exponent = 0;
        if (mantissaLength >= 0)
        {
            exponent = int.Parse(text.AsSpan(mantissaLength + 1), CultureInfo.InvariantCulture);
            text = text[..mantissaLength];
        }

        var dot = text.IndexOf('.', StringComparison.Ordinal);
        var integerLength = dot < 0 ? text.Length : dot;
        var allDigits = text.Replace(".", "", StringComparison.Ordinal);
        var withoutLeadingZeros = allDigits.TrimStart('0');
        var leadingZeros = allDigits.Length - withoutLeadingZeros.Length;
        return (withoutLeadingZeros.TrimEnd('0'), integerLength - leadingZeros + exponent);
    }

    private static string WithExponent(string digits, int point)
    {
        var fraction = digits.Length == 1 ? "0" : digits[1..];
        var exponent = point - 1;
        return string.Create(
            CultureInfo.InvariantCulture, $"{digits[0]}.{fraction}e{(exponent < 0 ? '-' : '+')}{Math.Abs(exponent)}");
    }

    private static string WithoutExponent(string digits, int point) =>
        point <= 0 ? "0." + new string('0', -point) + digits
        : point >= digits.Length ? digits + new string('0', point - digits.Length)
        : digits[..point] + "." + digits[point..];

    private static void Write(string ascii, IBufferWriter<byte> output) => Encoding.ASCII.GetBytes(ascii, output);
}
