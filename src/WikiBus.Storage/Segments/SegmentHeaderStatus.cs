namespace WikiBus.Storage.Segments;

/// <summary>What the first bytes of a file turned out to be.</summary>
internal enum SegmentHeaderStatus
{
    Valid,

    /// <summary>A segment of a later format version, which this code does not know.</summary>
    Newer,

    /// <summary>A segment of an earlier format version, which this code does not read any more.</summary>
    Older,

    /// <summary>No segment header: torn, damaged, or no segment at all.</summary>
    Invalid,
}
