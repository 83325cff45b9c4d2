namespace WikiBus.Storage.Segments;

/// <summary>What stands behind the last intact frame of a segment.</summary>
internal enum SegmentTailStatus
{
    /// <summary>Nothing but zeros.</summary>
    Empty,

    /// <summary>
    /// Bytes of which no intact frame says that they were durable: writes that were not finished, or damage of the very
    /// last frames.
    /// </summary>
    Torn,

    /// <summary>Bytes of which an intact frame behind says that they were durable: this is damage.</summary>
    Damaged,

    /// <summary>A frame of a newer version.</summary>
    Newer,
}
