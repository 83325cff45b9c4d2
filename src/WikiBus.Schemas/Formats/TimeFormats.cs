namespace WikiBus.Schemas.Formats;

/// <summary>Dates and times: RFC 3339, and ajv's fast forms of them.</summary>
internal static class TimeFormats
{
    private const int MinutesPerDay = 24 * 60;

    public static bool IsLooseDate(ReadOnlySpan<byte> text)
    {
        var reader = new AsciiReader(text);
        return TakeLooseDate(ref reader) && reader.IsAtEnd;
    }

    public static bool IsLooseTime(ReadOnlySpan<byte> text)
    {
        var reader = new AsciiReader(text);
        return TakeLooseTime(ref reader) && (reader.IsAtEnd || TakeLooseZone(ref reader)) && reader.IsAtEnd;
    }

    /// <summary>The zone is required; T or any white space separates date and time.</summary>
    public static bool IsLooseDateTime(ReadOnlySpan<byte> text)
    {
        var reader = new AsciiReader(text);
        return TakeLooseDate(ref reader)
            && (reader.TryTakeLetter('t') || reader.TryTakeWhiteSpace())
            && TakeLooseTime(ref reader)
            && TakeLooseZone(ref reader)
            && reader.IsAtEnd;
    }

    public static bool IsDate(ReadOnlySpan<byte> text)
    {
        var reader = new AsciiReader(text);
        return TakeDate(ref reader) && reader.IsAtEnd;
    }

    public static bool IsTime(ReadOnlySpan<byte> text)
    {
        var reader = new AsciiReader(text);
        return TakeTime(ref reader) && reader.IsAtEnd;
    }

    public static bool IsDateTime(ReadOnlySpan<byte> text)
    {
        var reader = new AsciiReader(text);
        return TakeDate(ref reader) && reader.TryTakeLetter('t') && TakeTime(ref reader) && reader.IsAtEnd;
    }

    /// <summary>ISO 8601 as in RFC 3339, appendix A: weeks alone, or units in order without gaps.</summary>
    public static bool IsDuration(ReadOnlySpan<byte> text)
    {
        var reader = new AsciiReader(text);
        if (!reader.TryTake('P') || reader.IsAtEnd)
        {
            return false;
        }

        var weeks = reader;
        if (weeks.TakeDigits() > 0 && weeks.TryTake('W'))
        {
            return weeks.IsAtEnd;
        }

        if (!TakeUnits(ref reader, "YMD", out _))
        {
            return false;
        }

        if (!reader.TryTake('T'))
        {
            return reader.IsAtEnd;
        }

        return TakeUnits(ref reader, "HMS", out var count) && count > 0 && reader.IsAtEnd;
    }

    /// <summary>Takes numbers with units in the given order; units may only be missing at either end.</summary>
    private static bool TakeUnits(ref AsciiReader reader, string units, out int count)
    {
        count = 0;
        var next = 0;
        while (!reader.IsAtEnd && char.IsAsciiDigit((char)reader.Rest[0]))
        {
            reader.TakeDigits();
            var unit = reader.IsAtEnd ? -1 : units.IndexOf((char)reader.Rest[0], StringComparison.Ordinal);
            if (unit < next || (count > 0 && unit != next))
            {
                return false;
            }

            reader.TryTake(units[unit]);
            next = unit + 1;
            count++;
        }
        return true;
    }

    private static bool TakeLooseDate(ref AsciiReader reader) =>
        reader.TryTakeNumber(4, out _) && reader.TryTake('-')
        && reader.TryTakeNumber(2, out var month) && month < 20 && reader.TryTake('-')
        && reader.TryTakeNumber(2, out var day) && day < 40;

    private static bool TakeLooseTime(ref AsciiReader reader)
    {
        var isClock = reader.TryTakeNumber(2, out var hour) && reader.TryTake(':')
            && reader.TryTakeNumber(2, out var minute) && reader.TryTake(':')
            && reader.TryTakeNumber(2, out var second)
            && ((hour < 30 && minute < 60 && second < 60) || (hour, minute, second) is (23, 59, 60));
        return isClock && TakeFraction(ref reader);
    }

    private static bool TakeLooseZone(ref AsciiReader reader)
    {
        if (reader.TryTakeLetter('z'))
        {
            return true;
        }

        if ((!reader.TryTake('+') && !reader.TryTake('-')) || !reader.TryTakeNumber(2, out _))
        {
            return false;
        }

        return reader.TryTake(':') ? reader.TryTakeNumber(2, out _) : reader.IsAtEnd || reader.TryTakeNumber(2, out _);
    }

    private static bool TakeFraction(ref AsciiReader reader) => !reader.TryTake('.') || reader.TakeDigits() > 0;

    private static bool TakeDate(ref AsciiReader reader) =>
        reader.TryTakeNumber(4, out var year) && reader.TryTake('-')
        && reader.TryTakeNumber(2, out var month) && month is >= 1 and <= 12 && reader.TryTake('-')
        && reader.TryTakeNumber(2, out var day) && day >= 1 && day <= DaysOf(year, month);

    // Year 0 is a leap year by the rule of four hundred; the framework's calendar begins with year 1.
    private static int DaysOf(int year, int month) => DateTime.DaysInMonth(year == 0 ? 4 : year, month);

    /// <summary>Takes a time with a zone; a leap second only at 23:59:60 UTC.</summary>
    private static bool TakeTime(ref AsciiReader reader)
    {
        if (!reader.TryTakeNumber(2, out var hour) || hour >= 24 || !reader.TryTake(':'))
        {
            return false;
        }

        if (!reader.TryTakeNumber(2, out var minute) || minute >= 60 || !reader.TryTake(':'))
        {
            return false;
        }

        if (!reader.TryTakeNumber(2, out var second) || second > 60 || !TakeFraction(ref reader))
        {
            return false;
        }

        if (!TakeZone(ref reader, out var offset))
        {
            return false;
        }

        var minuteOfDay = (((hour * 60) + minute - offset) + (2 * MinutesPerDay)) % MinutesPerDay;
        return second < 60 || minuteOfDay == MinutesPerDay - 1;
    }

    /// <summary>Takes Z or an offset from UTC in minutes.</summary>
    private static bool TakeZone(ref AsciiReader reader, out int offset)
    {
        offset = 0;
        if (reader.TryTakeLetter('z'))
        {
            return true;
        }

        var sign = reader.TryTake('+') ? 1 : reader.TryTake('-') ? -1 : 0;
        if (sign == 0 || !reader.TryTakeNumber(2, out var hour) || hour >= 24 || !reader.TryTake(':'))
        {
            return false;
        }

        if (!reader.TryTakeNumber(2, out var minute) || minute >= 60)
        {
            return false;
        }

        offset = sign * ((hour * 60) + minute);
        return true;
    }
}
