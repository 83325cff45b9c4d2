using System.Globalization;
using System.Text.RegularExpressions;

namespace WikiBus.Server.Streaming.Requests;

/// <summary>
/// Reads <c>since</c> and <c>until</c>: milliseconds of Unix time, ISO 8601 (a month, a day, or a time to the minute,
/// second or fraction; without a zone it is UTC) or the form of HTTP dates.
/// </summary>
internal static partial class TimeParameter
{
    /// <summary>Unix ms; false if the text is not a time.</summary>
    public static bool TryParse(string text, out long timeMs)
    {
        timeMs = 0;
        text = text.Trim();
        var culture = CultureInfo.InvariantCulture;
        if (text.Length <= 18 && long.TryParse(text, NumberStyles.AllowLeadingSign, culture, out timeMs))
        {
            return true;
        }

        if (DateTimeOffset.TryParseExact(text, "r", culture, DateTimeStyles.None, out var httpDate))
        {
            timeMs = httpDate.ToUnixTimeMilliseconds();
            return true;
        }

        var match = Iso().Match(text);
        return match.Success && TryRead(match.Groups, out timeMs);
    }

    // The zone's sign may have become a space: "+" in a query means one.
    [GeneratedRegex(
        @"^(?<year>\d{4})-(?<month>\d{2})(-(?<day>\d{2})"
        + @"([Tt ](?<hour>\d{2}):(?<minute>\d{2})(:(?<second>\d{2})(\.(?<fraction>\d{1,12}))?)?"
        + @"([Zz]|(?<sign>[+\- ])(?<zoneHour>\d{2}):?(?<zoneMinute>\d{2}))?)?)?\z",
        RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Iso();

    private static bool TryRead(GroupCollection groups, out long timeMs)
    {
        timeMs = 0;
        var (year, month, day) = (Number(groups["year"], 1), Number(groups["month"], 1), Number(groups["day"], 1));
        var (hour, minute) = (Number(groups["hour"], 0), Number(groups["minute"], 0));
        var second = Number(groups["second"], 0);
        var zone = TimeSpan.FromMinutes((Number(groups["zoneHour"], 0) * 60) + Number(groups["zoneMinute"], 0));
        var isMidnight = hour == 24 && minute == 0 && second == 0;
        if (year < 1 || month is < 1 or > 12 || day < 1 || day > DateTime.DaysInMonth(year, month)
            || (hour > 23 && !isMidnight) || minute > 59 || second > 59 || zone.TotalHours >= 24)
        {
            return false;
        }

        var date = new DateTime(year, month, day, 0, 0, 0, DateTimeKind.Utc) - DateTime.UnixEpoch;
        var instant = date + new TimeSpan(hour, minute, second) - (groups["sign"].Value == "-" ? -zone : zone);
        timeMs = (long)instant.TotalMilliseconds + Milliseconds(groups["fraction"]);
        return true;
    }

    private static int Number(Group group, int otherwise) =>
        group.Success ? int.Parse(group.ValueSpan, NumberStyles.None, CultureInfo.InvariantCulture) : otherwise;

    private static int Milliseconds(Group fraction) =>
        fraction.Success
            ? int.Parse(fraction.Value.PadRight(3, '0')[..3], NumberStyles.None, CultureInfo.InvariantCulture)
            : 0;
}
