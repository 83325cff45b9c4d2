using System.Buffers.Text;
using System.Globalization;
using System.Text;

namespace WikiBus.Server.Intake.Filling;

/// <summary>Reads and writes the times of events. All times are UTC.</summary>
internal static class EventTime
{
    /// <summary>Length of what <see cref="Write"/> writes: <c>2026-11-20T22:20:26.410Z</c>.</summary>
    public const int Length = 24;

    private const int TextBytesMax = 64;

    /// <summary>Unix ms of an ISO 8601 time, UTC when it has no zone; 0 for any other text.</summary>
    public static long ReadMs(ReadOnlySpan<byte> text)
    {
        // The form that MediaWiki sends: 2026-11-20T22:20:26Z.
        return text.Length == 20 && TryReadSeconds(text, out var time)
            ? new DateTimeOffset(time, TimeSpan.Zero).ToUnixTimeMilliseconds()
            : ReadAnyMs(text);
    }

    /// <summary>Writes a time with milliseconds.</summary>
    public static void Write(DateTimeOffset time, Span<byte> target) =>
        time.UtcDateTime.TryFormat(target, out _, "yyyy-MM-ddTHH:mm:ss.fffZ", CultureInfo.InvariantCulture);

    /// <summary>Unix ms of a UUID of version 7 in its usual form; 0 for any other text.</summary>
    public static long ReadUuidMs(ReadOnlySpan<byte> id)
    {
        if (id.Length != 36 || id[8] != (byte)'-' || id[13] != (byte)'-' || id[14] != (byte)'7')
        {
            return 0;
        }

        return Utf8Parser.TryParse(id[..8], out uint high, out var highLength, 'x') && highLength == 8 &&
            Utf8Parser.TryParse(id[9..13], out ushort low, out var lowLength, 'x') && lowLength == 4
            ? ((long)high << 16) | low
            : 0;
    }

    // The framework's UTF-8 parser does not read this form, only longer ones.
    private static bool TryReadSeconds(ReadOnlySpan<byte> text, out DateTime time)
    {
        time = default;
        if (text[4] != (byte)'-' || text[7] != (byte)'-' || text[10] != (byte)'T' || text[13] != (byte)':' ||
            text[16] != (byte)':' || text[19] != (byte)'Z' ||
            !TryReadNumber(text[..4], out var year) || !TryReadNumber(text[5..7], out var month) ||
            !TryReadNumber(text[8..10], out var day) || !TryReadNumber(text[11..13], out var hour) ||
            !TryReadNumber(text[14..16], out var minute) || !TryReadNumber(text[17..19], out var second) ||
            year < 1970 || month is < 1 or > 12 || day < 1 || day > DateTime.DaysInMonth(year, month) ||
            hour > 23 || minute > 59 || second > 59)
        {
            return false;
        }

        time = new DateTime(year, month, day, hour, minute, second, DateTimeKind.Utc);
        return true;
    }

    private static bool TryReadNumber(ReadOnlySpan<byte> digits, out int number)
    {
        number = 0;
        foreach (var digit in digits)
        {
            if (digit is < (byte)'0' or > (byte)'9')
            {
                return false;
            }

            number = (10 * number) + digit - '0';
        }

        return true;
    }

    private static long ReadAnyMs(ReadOnlySpan<byte> text)
    {
        if (text.Length is 0 or > TextBytesMax)
        {
            return 0;
        }

        Span<char> characters = stackalloc char[TextBytesMax];
        var count = Encoding.UTF8.GetChars(text, characters);
        return DateTimeOffset.TryParse(
            characters[..count], CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time)
            ? Math.Max(0, time.ToUnixTimeMilliseconds())
            : 0;
    }
}
