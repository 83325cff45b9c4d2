namespace WikiBus.Storage.Segments;

/// <summary>What stands behind the last intact frame of a segment.</summary>
internal enum SegmentTailStatus
{
    /// <summary>Nothing but zeros.</summary>
    Empty,

    /// <summary>
    /// Bytes that no intact frame follows: a write that was not finished, or damage of the very last frame.
    /// </summary>
    Torn,

    /// <summary>Bytes that an intact frame follows: they were flushed once, so this is damage.</summary>
    Damaged,

    /// <summary>A frame of a newer version.</summary>
    Newer,
}
