using System.Globalization;

namespace WikiBus.Server.Options;

/// <summary>
/// Reads configured text as a value of one of these types. <c>none</c> is null where null is allowed.
/// <list type="bullet">
/// <item>text</item>
/// <item>Boolean: <c>true</c>, <c>false</c></item>
/// <item>whole number: <c>4096</c>, <c>16 MiB</c></item>
/// <item>number: <c>0.5</c></item>
/// <item>duration: <c>500 ms</c>, <c>4 s</c>, <c>5 min</c> or <c>5 m</c>, <c>24 h</c>, <c>31 d</c>, <c>hh:mm:ss</c>,
/// <c>0</c></item>
/// <item>enum: its names</item>
/// </list>
/// </summary>
internal static class OptionText
{
    private static readonly (string Suffix, long Factor)[] s_byteUnits =
        [("KiB", 1L << 10), ("MiB", 1L << 20), ("GiB", 1L << 30), ("TiB", 1L << 40)];

    /// <summary>Reads a value; if false, <paramref name="expected"/> says which values are right.</summary>
    public static bool TryParse(Type type, string text, out object? value, out string expected)
    {
        expected = "";
        value = null;
        if (Nullable.GetUnderlyingType(type) is { } underlying)
        {
            return text.Length == 0 || text.Equals("none", StringComparison.OrdinalIgnoreCase)
                || TryParse(underlying, text, out value, out expected);
        }

        if (type == typeof(string))
        {
            value = text;
            return true;
        }

        if (type.IsEnum)
        {
            expected = "one of " + string.Join(", ", Enum.GetNames(type));
            return !int.TryParse(text, CultureInfo.InvariantCulture, out _)
                && Enum.TryParse(type, text, ignoreCase: true, out value);
        }

        (expected, value) = Scalar(type, text);
        return value is not null;
    }

    private static (string Expected, object? Value) Scalar(Type type, string text) => Type.GetTypeCode(type) switch
    {
        TypeCode.Boolean => ("true or false", bool.TryParse(text, out var flag) ? flag : null),
        TypeCode.Int32 => ("a whole number, such as 4096 or 16 MiB",
            TryWhole(text, out var whole) ? Narrow(whole) : null),
        TypeCode.Int64 => ("a whole number, such as 4096 or 16 MiB", TryWhole(text, out var wide) ? wide : null),
        TypeCode.Double => ("a number, such as 0.5",
            double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var real)
                && double.IsFinite(real) ? real : null),
        _ when type == typeof(TimeSpan) => ("a number with its unit (500 ms, 4 s, 5 min, 24 h, 31 d), or hh:mm:ss",
            TryDuration(text, out var duration) ? duration : null),
        _ => throw new NotSupportedException($"Options of type {type} cannot be configured."),
    };

    // A number that does not fit is beyond the option's bounds, too. Their check says which values are allowed.
    private static int Narrow(long value) => (int)Math.Clamp(value, int.MinValue, int.MaxValue);

    private static bool TryWhole(string text, out long value)
    {
        foreach (var (suffix, factor) in s_byteUnits)
        {
            if (text.EndsWith(suffix, StringComparison.OrdinalIgnoreCase))
            {
                return TryPlainWhole(text.AsSpan(0, text.Length - suffix.Length), out value)
                    && TryMultiply(factor, ref value);
            }
        }

        return TryPlainWhole(text, out value);
    }

    private static bool TryPlainWhole(ReadOnlySpan<char> text, out long value) =>
        long.TryParse(text.Trim(), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out value);

    private static bool TryMultiply(long factor, ref long value)
    {
        var product = (Int128)value * factor;
        value = unchecked((long)product);
        return product == value;
    }

    // The framework would read a bare number as days, which hardly anybody means.
    private static bool TryDuration(string text, out TimeSpan value) =>
        Duration.TryParse(text, out value)
        || text == "0"
        || (text.Contains(':', StringComparison.Ordinal)
            && TimeSpan.TryParseExact(text, "c", CultureInfo.InvariantCulture, out value));
}
