using System.Text.Json;
using WikiBus.Events.MediaWiki.RecentChanges;

namespace WikiBus.Events.MediaWiki;

/// <summary>The wiki logged something: a move, a deletion, a block, …</summary>
public sealed record RecentLogEntry : RecentChange
{
    /// <summary>The number of the log entry; 0 if it is in no log.</summary>
    public long LogId { get; init => field = Require.NotNegative(value); }

    /// <summary>The kind of log, as <c>move</c>.</summary>
    public required string LogType { get; init => field = Require.Text(value); }

    /// <summary>What was done, as <c>move_redir</c>.</summary>
    public required string LogAction { get; init => field = Require.Text(value); }

    /// <summary>
    /// The parameters of the entry: a JSON object or a list. The event has the member <c>4::target</c> as
    /// <c>target</c>, and no members that are null. Null leaves <c>log_params</c> out.
    /// </summary>
    /// <exception cref="ArgumentException">
    /// The value is neither an object nor a list, or PHP cannot encode it: a string has a lone surrogate, or a number
    /// is no finite float.
    /// </exception>
    public JsonElement? Parameters { get; init => field = value is { } given ? LogParameters.Prepare(given) : null; }

    /// <summary>The entry as text; null leaves it out of the event.</summary>
    public string? ActionComment { get; init => field = Require.Unicode(value); }

    internal override string Type => "log";
}
