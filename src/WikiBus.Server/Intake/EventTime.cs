using System.Buffers.Text;
using System.Globalization;
using System.Text;

namespace WikiBus.Server.Intake;

/// <summary>Reads and writes the times of events. All times are UTC.</summary>
internal static class EventTime
{
    /// <summary>Length of what <see cref="Write"/> writes: <c>2026-11-20T22:20:26.410Z</c>.</summary>
    public const int Length = 24;

    private const int TextBytesMax = 64;

    /// <summary>Unix ms of an ISO 8601 time, without zone UTC; 0 when it is none.</summary>
    public static long ReadMs(ReadOnlySpan<byte> text)
    {
        // What MediaWiki sends: 2026-11-20T22:20:26Z.
        if (text.Length == 20 && text[19] == (byte)'Z' && text[10] == (byte)'T' &&
            Utf8Parser.TryParse(text[..10], out DateTime date, out var dateLength, 'O') && dateLength == 10 &&
            Utf8Parser.TryParse(text[11..19], out TimeSpan time, out var timeLength) && timeLength == 8)
        {
            return (long)(DateTime.SpecifyKind(date, DateTimeKind.Utc) - DateTime.UnixEpoch + time).TotalMilliseconds;
        }

        return ReadAnyMs(text);
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
