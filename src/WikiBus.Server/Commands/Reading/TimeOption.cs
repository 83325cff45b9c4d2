using System.Globalization;
using WikiBus.Server.Commands.Client;
using WikiBus.Server.Hosting;
using WikiBus.Server.Streaming.Requests;

namespace WikiBus.Server.Commands.Reading;

/// <summary>Options that are a time: one that the server takes, or a distance from now such as <c>1h</c>.</summary>
internal static class TimeOption
{
    /// <summary>More digits lead to a time before the bus, or do not fit a number.</summary>
    private const int DigitsMax = 9;

    /// <summary>The time as the server takes it.</summary>
    /// <exception cref="CommandFault">It is not a time.</exception>
    public static string? Read(string option, string? text, DateTimeOffset now)
    {
        if (text is null || TimeParameter.TryParse(text, out _))
        {
            return text;
        }

        return Distance(text) is { } seconds
            ? TailStart.TextOf(DateTimeOffset.FromUnixTimeSeconds(Math.Max(now.ToUnixTimeSeconds() - seconds, 0)))
            : throw new CommandFault(
                $"{option}: '{text}' is not a time; 2020-01-01, 2020-01-01T12:30:00Z and 1h are (units: s, m, h, d).",
                ExitCodes.Usage);
    }

    private static long? Distance(string text) =>
        text.Length is > 1 and <= DigitsMax + 1
        && long.TryParse(text[..^1], NumberStyles.None, CultureInfo.InvariantCulture, out var count)
            ? text[^1] switch
            {
                's' => count,
                'm' => count * 60,
                'h' => count * 3600,
                'd' => count * 86_400,
                _ => null,
            }
            : null;
}
