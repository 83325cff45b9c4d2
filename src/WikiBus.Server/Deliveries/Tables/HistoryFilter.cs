namespace WikiBus.Server.Deliveries.Tables;

/// <summary>Which tries or waiting rows are meant. What is null does not count.</summary>
/// <param name="Position">Of the record at this position.</param>
/// <param name="TimeMs">Of a record that was appended then: another log may have another one at the position.</param>
/// <param name="Stream">Of a record of this stream, with the offset.</param>
/// <param name="Offset">The offset.</param>
/// <param name="Verdict">With this outcome; only for tries.</param>
internal sealed record HistoryFilter(
    long? Position = null, long? TimeMs = null, string? Stream = null, long Offset = 0, Verdict? Verdict = null)
{
    /// <summary>The terms of a query, and their parameters.</summary>
    public string Terms(List<(string Name, object Value)> parameters)
    {
        var terms = "";
        if (Position is { } position)
        {
            terms += " AND position = $position";
            parameters.Add(("$position", position));
        }

        if (TimeMs is { } time)
        {
            terms += " AND time_ms = $time";
            parameters.Add(("$time", time));
        }

        if (Stream is { } stream)
        {
            terms += " AND stream_offset = $offset AND stream = $stream";
            parameters.Add(("$stream", stream));
            parameters.Add(("$offset", Offset));
        }

        if (Verdict is { } verdict)
        {
            terms += " AND verdict = $verdict";
            parameters.Add(("$verdict", (int)verdict));
        }

        return terms;
    }
}
