using System.Globalization;
using System.Text.RegularExpressions;

namespace WikiBus.Server.Http;

/// <summary>
/// Reads <c>since</c> and <c>until</c>: ISO 8601 (a month, a day, or a time to the minute, second or fraction; without
/// a zone it is UTC), the form of HTTP dates, or a number. The count of a number's digits says what it is, so that no
/// usual form is taken for another.
/// </summary>
internal static partial class TimeParameter
{
    /// <summary>What may be given, for the text of a refusal.</summary>
    public const string Allowed = "Allowed are ISO 8601 such as 2026-11-29T21:17:00Z, an HTTP date, 14 digits as in "
        + "MediaWiki (yyyyMMddHHmmss), Unix time in seconds (10 digits) or milliseconds (11 to 13 digits), and 0 for "
        + "the beginning.";

    /// <summary>Unix ms; false if the text is not a time.</summary>
    public static bool TryParse(string text, out long timeMs)
    {
        timeMs = 0;
        text = text.Trim();
        var culture = CultureInfo.InvariantCulture;
        if (text.Length > 0 && text.All(char.IsAsciiDigit))
        {
            return TryReadNumber(text, out timeMs);
        }

        if (DateTimeOffset.TryParseExact(text, "r", culture, DateTimeStyles.None, out var httpDate))
        {
            timeMs = httpDate.ToUnixTimeMilliseconds();
            return true;
        }

        var match = Iso().Match(text);
        return match.Success && TryRead(match.Groups, out timeMs);
    }

    private static bool TryReadNumber(string digits, out long timeMs)
    {
        var culture = CultureInfo.InvariantCulture;
        timeMs = digits.Length <= 13 ? long.Parse(digits, NumberStyles.None, culture) : 0;
        switch (digits.Length)
        {
            case 1:
                return timeMs == 0;
            case 10:
                timeMs *= 1000;
                return true;
            case >= 11 and <= 13:
                return true;
            default:
                var isRead = DateTimeOffset.TryParseExact(
                    digits, "yyyyMMddHHmmss", culture, DateTimeStyles.AssumeUniversal, out var time);
                timeMs = isRead ? time.ToUnixTimeMilliseconds() : 0;
                return isRead;
        }
    }

    // The zone's sign may have become a space: "+" in a query means one.
    [GeneratedRegex(
        @"^(?<year>[0-9]{4})-(?<month>[0-9]{2})(-(?<day>[0-9]{2})"
        + @"([Tt ](?<hour>[0-9]{2}):(?<minute>[0-9]{2})(:(?<second>[0-9]{2})(\.(?<fraction>[0-9]{1,12}))?)?"
        + @"([Zz]|(?<sign>[+\- ])(?<zoneHour>[0-9]{2}):?(?<zoneMinute>[0-9]{2}))?)?)?\z",
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
