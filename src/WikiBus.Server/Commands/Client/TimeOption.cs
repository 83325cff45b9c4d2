using System.Globalization;
using WikiBus.Server.Hosting;
using WikiBus.Server.Options;
using WikiBus.Server.Http;

namespace WikiBus.Server.Commands.Client;

/// <summary>Options that are a time: one that the server takes, or a distance from now such as <c>1 h</c>.</summary>
internal static class TimeOption
{
    /// <summary>The time as the server takes it.</summary>
    /// <exception cref="CommandFault">It is not a time.</exception>
    public static string? Read(string option, string? text, DateTimeOffset now)
    {
        if (text is null || TimeParameter.TryParse(text, out _))
        {
            return text;
        }

        if (!Duration.TryParse(text, out var ago))
        {
            throw new CommandFault(
                $"{option}: '{text}' is not a time; 2020-01-01, 2020-01-01T12:30:00Z and 1h are (units: "
                + $"{Duration.Units}).",
                ExitCodes.Usage);
        }

        var begin = now - DateTimeOffset.UnixEpoch;
        return TextOf(ago < begin ? now - ago : DateTimeOffset.UnixEpoch);
    }

    /// <summary>A time as the server takes it.</summary>
    public static string TextOf(DateTimeOffset time) =>
        time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);

    /// <exception cref="CommandFault">Nothing is between two times that <see cref="Read"/> returned.</exception>
    public static void CheckOrder(string? since, string? until)
    {
        if (since is not null && until is not null
            && TimeParameter.TryParse(since, out var sinceMs) && TimeParameter.TryParse(until, out var untilMs)
            && sinceMs > untilMs)
        {
            throw new CommandFault("--since is later than --until, so there are no events.", ExitCodes.Usage);
        }
    }
}
