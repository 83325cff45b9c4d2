using System.Globalization;
using System.Text;
using Microsoft.Net.Http.Headers;

namespace WikiBus.Server.Deliveries.Guard;

/// <summary>Reads what is kept of an answer.</summary>
internal static class AnswerReader
{
    /// <summary>Most bytes of an answer's body that are kept.</summary>
    public const int ExcerptBytesMax = 1 << 10;

    /// <summary>
    /// Reads the body to its end, so that its connection can be used again, but at most <paramref name="bytesMax"/>
    /// bytes. Returns its beginning as one line.
    /// </summary>
    public static async Task<string> ReadBodyAsync(
        HttpResponseMessage response, int bytesMax, CancellationToken cancellationToken)
    {
        var excerpt = new MemoryStream();
        try
        {
            var body = await response.Content.ReadAsStreamAsync(cancellationToken);
            var buffer = new byte[4 << 10];
            for (var (total, read) = (0, 1); read > 0 && total <= bytesMax; total += read)
            {
                read = await body.ReadAsync(buffer, cancellationToken);
                excerpt.Write(buffer, 0, (int)Math.Min(read, ExcerptBytesMax - excerpt.Length));
            }
        }
        catch (Exception exception) when (
            exception is IOException or HttpRequestException or OperationCanceledException)
        {
            // The status is the answer. A body that is late, broken or too long only costs its connection.
        }

        return OneLine(excerpt.GetBuffer().AsSpan(0, (int)excerpt.Length));
    }

    /// <summary>How long the header asks to wait: in seconds, or until a date. Null if it is neither.</summary>
    public static TimeSpan? RetryAfter(string? header, DateTimeOffset now)
    {
        var text = header?.Trim() ?? "";
        if (text.Length > 0 && text.All(char.IsAsciiDigit))
        {
            // A number that is too large means a long time, too.
            var seconds = double.Parse(text, CultureInfo.InvariantCulture);
            return TimeSpan.FromSeconds(Math.Min(seconds, TimeSpan.FromDays(3650).TotalSeconds));
        }

        return !HeaderUtilities.TryParseDate(text, out var date) ? null
            : date > now ? date - now
            : TimeSpan.Zero;
    }

    private static string OneLine(ReadOnlySpan<byte> bytes)
    {
        var line = new StringBuilder();
        foreach (var rune in Encoding.UTF8.GetString(bytes).EnumerateRunes())
        {
            var isShown = !Rune.IsControl(rune) && !Rune.IsWhiteSpace(rune)
                && Rune.GetUnicodeCategory(rune) is not (UnicodeCategory.Format or UnicodeCategory.PrivateUse);
            if (isShown)
            {
                line.Append(rune.ToString());
            }
            else if (line.Length > 0 && line[^1] != ' ')
            {
                line.Append(' ');
            }
        }

        return line.ToString().TrimEnd();
    }
}
