using System.CommandLine;
using WikiBus.Server.Commands.Client;
using WikiBus.Server.Options;

namespace WikiBus.Server.Commands.Subscriptions;

/// <summary>
/// Options that are a place in the log. A distance from now, such as <c>1 h</c>, becomes a time; the server judges
/// everything else.
/// </summary>
internal static class PlaceOption
{
    public static Option<string?> Create(string name, string description) => new(name)
    {
        Description = $"{description}: now, a position, STREAM@OFFSET, a time, or 1h for an hour ago",
        HelpName = "PLACE",
    };

    public static string? Read(string? text) =>
        text is not null && !text.All(char.IsAsciiDigit) && Duration.TryParse(text, out _)
            ? TimeOption.Read("", text, TimeProvider.System.GetUtcNow())
            : text;
}
