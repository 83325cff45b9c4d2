using System.Globalization;
using WikiBus.Server.Commands.Client;
using WikiBus.Server.Streaming.ResumeIds;

namespace WikiBus.Server.Commands.Reading;

/// <summary>Where reading begins; at most one of them is set. None of them: with the next event.</summary>
/// <param name="Since">A time, as the server takes it.</param>
/// <param name="Id">An id to resume after.</param>
/// <param name="Last">This number of events before the end of each stream.</param>
internal sealed record TailStart(string? Since = null, string? Id = null, long? Last = null)
{
    /// <summary>The first moment of the bus.</summary>
    public static TailStart Beginning { get; } = new("1970-01-01");

    public static TailStart At(DateTimeOffset time) => new(TimeOption.TextOf(time));

    /// <summary>The id that begins here; null when no id does.</summary>
    public string? IdFor(IEnumerable<string> streams) => Last is > 0
        ? $"[{string.Join(',', streams.Select(stream => Entry(stream, ResumeEntry.KafkaTail - Last.Value)))}]"
        : Id;

    private static string Entry(string stream, long offset) => string.Create(
        CultureInfo.InvariantCulture, $$"""{"topic":"{{stream}}","partition":0,"offset":{{offset}}}""");
}
