using System.Text;
using Microsoft.Extensions.Primitives;

namespace WikiBus.Server.Http;

/// <summary>
/// Reads the header <c>Cookie</c> in both forms that are in use: that of browsers, <c>a=1; b=2</c>, and that of Dream's
/// clients (RFC 2965), <c>$Version="1"; a="1"; $Path="/x", b="2"</c>. Names are case-sensitive.
/// </summary>
internal static class CookieReader
{
    /// <summary>The value of the first cookie with this name; null if there is none.</summary>
    public static string? Find(StringValues header, string name)
    {
        foreach (var line in header)
        {
            foreach (var part in Split(line ?? ""))
            {
                var equals = part.IndexOf('=', StringComparison.Ordinal);
                if (equals > 0 && part.AsSpan(0, equals).Trim().SequenceEqual(name))
                {
                    return Unquote(part[(equals + 1)..].Trim());
                }
            }
        }

        return null;
    }

    /// <summary>Splits at commas and semicolons outside quotes.</summary>
    private static IEnumerable<string> Split(string line)
    {
        var (start, isQuoted) = (0, false);
        for (var index = 0; index < line.Length; index++)
        {
            if (isQuoted && line[index] == '\\')
            {
                index++;
            }
            else if (line[index] == '"')
            {
                isQuoted = !isQuoted;
            }
            else if (line[index] is ';' or ',' && !isQuoted)
            {
                yield return line[start..index];
                start = index + 1;
            }
        }

        yield return line[start..];
    }

    private static string Unquote(string value)
    {
        if (value is not ['"', .., '"'])
        {
            return value;
        }

        var text = new StringBuilder(value.Length);
        for (var index = 1; index < value.Length - 1; index++)
        {
            if (value[index] == '\\' && index < value.Length - 2)
            {
                index++;
            }

            text.Append(value[index]);
        }

        return text.ToString();
    }
}
