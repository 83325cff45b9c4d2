using WikiBus.Server.Commands.Client;
using WikiBus.Server.Filters;
using WikiBus.Server.Hosting;

namespace WikiBus.Server.Commands.Reading;

/// <summary>
/// What a tail wants to see of the events, as the query of its requests. The server's own readers check it first, so
/// that a fault is one of the command line.
/// </summary>
internal static class TailQuery
{
    /// <summary>The query with its question mark; empty when nothing is wanted.</summary>
    /// <exception cref="CommandFault">A value is not allowed.</exception>
    public static string Of(
        string? until, IReadOnlyList<string> filters, string? channel, string? fields, bool keepsCanary)
    {
        Check(filters, channel, fields);
        IEnumerable<(string Name, string? Value)> query =
        [
            ("until", until),
            .. filters.Select(static filter => ("filter", (string?)filter)),
            ("channel", channel),
            ("fields", fields),
            ("canary", keepsCanary ? "true" : null),
        ];
        var given = query.Where(static part => part.Value is not null)
            .Select(static part => $"{part.Name}={Uri.EscapeDataString(part.Value!)}");
        return string.Join('&', given) is { Length: > 0 } parameters ? $"?{parameters}" : "";
    }

    private static void Check(IReadOnlyList<string> filters, string? channel, string? fields)
    {
        if (filters.Count > FilterExpression.CountMax)
        {
            throw Fault($"{filters.Count} filters are too many; {FilterExpression.CountMax} are allowed.");
        }

        foreach (var filter in filters)
        {
            if (!FilterExpression.TryParse(filter, out _, out var fault))
            {
                throw Fault(fault);
            }
        }

        if (channel is not null && !ChannelPattern.TryParse(channel, out _, out var channelFault))
        {
            throw Fault(channelFault);
        }

        if (fields is not null && !Projection.TryParse(fields, out _, out var fieldsFault))
        {
            throw Fault(fieldsFault);
        }
    }

    private static CommandFault Fault(string message) => new(message, ExitCodes.Usage);
}
