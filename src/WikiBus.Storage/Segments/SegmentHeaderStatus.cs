namespace WikiBus.Storage.Segments;

/// <summary>What the first bytes of a file are.</summary>
internal enum SegmentHeaderStatus
{
    Valid,

    /// <summary>A segment of a later format version, which this code does not know.</summary>
    Newer,

    /// <summary>A segment of an earlier format version, which this code does not read any more.</summary>
    Older,

    /// <summary>Not a segment header: torn, damaged, or not a segment at all.</summary>
    Invalid,
}
