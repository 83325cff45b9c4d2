namespace WikiBus.Storage.Segments;

/// <summary>What the first bytes of a file turned out to be.</summary>
internal enum SegmentHeaderStatus
{
    Valid,

    /// <summary>A segment of a format version that this code does not know.</summary>
    Newer,

    /// <summary>No segment header: torn, damaged, or no segment at all.</summary>
    Invalid,
}
