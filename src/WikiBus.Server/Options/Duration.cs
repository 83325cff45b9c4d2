using System.Globalization;

namespace WikiBus.Server.Options;

/// <summary>
/// Reads a number with its unit of time, such as <c>5 min</c>: in options, and on the command line.
/// </summary>
internal static class Duration
{
    /// <summary>The units, for the text of a refusal.</summary>
    public const string Units = "ms, s, min or m, h, d";

    private static readonly (string Suffix, TimeSpan Unit)[] s_units =
    [
        ("ms", TimeSpan.FromMilliseconds(1)), ("min", TimeSpan.FromMinutes(1)), ("m", TimeSpan.FromMinutes(1)),
        ("s", TimeSpan.FromSeconds(1)), ("h", TimeSpan.FromHours(1)), ("d", TimeSpan.FromDays(1)),
    ];

    /// <summary>
    /// The text of a duration in the largest unit of which it is a whole number: <c>5 min</c>, <c>90 s</c>.
    /// </summary>
    public static string Text(TimeSpan value)
    {
        var (suffix, unit) = s_units.Where(one => value.Ticks % one.Unit.Ticks == 0).MaxBy(static one => one.Unit);
        return suffix is null
            ? string.Create(CultureInfo.InvariantCulture, $"{value.TotalMilliseconds} ms")
            : string.Create(CultureInfo.InvariantCulture, $"{value.Ticks / unit.Ticks} {suffix}");
    }

    /// <summary>False if it is not a number with a unit, or too long for a <see cref="TimeSpan"/>.</summary>
    public static bool TryParse(string text, out TimeSpan value)
    {
        value = default;
        foreach (var (suffix, unit) in s_units)
        {
            if (text.EndsWith(suffix, StringComparison.OrdinalIgnoreCase))
            {
                var number = text.AsSpan(0, text.Length - suffix.Length).Trim();
                var isNumber = double.TryParse(
                    number, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var count);
                var fits = isNumber && count <= TimeSpan.MaxValue / unit / 2;
                value = fits ? unit * count : default;
                return fits;
            }
        }

        return false;
    }
}
