namespace WikiBus.Storage.Segments;

/// <summary>What follows the last intact frame of a segment.</summary>
internal enum SegmentTailStatus
{
    /// <summary>Nothing but zeros.</summary>
    Empty,

    /// <summary>
    /// Bytes with no intact frame behind them: a write that was not finished, or damage of the very last frame.
    /// </summary>
    Torn,

    /// <summary>
    /// Bytes with an intact frame behind them: they were durable when that was written, so this is damage.
    /// </summary>
    Damaged,

    /// <summary>A frame of another version.</summary>
    OtherVersion,
}
