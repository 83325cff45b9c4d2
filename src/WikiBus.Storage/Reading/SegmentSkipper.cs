using WikiBus.Storage.Indexes;
using WikiBus.Storage.Segments;

namespace WikiBus.Storage.Reading;

/// <summary>Decides where a reader enters a segment, and which segments it skips.</summary>
internal sealed class SegmentSkipper(IndexStore indexes)
{
    /// <summary>
    /// True if the segment, as far as the snapshot goes, has no record for the filter at or after a position.
    /// The index of the segment that grows is at least as new as the snapshot.
    /// </summary>
    public bool Skips(Segment segment, long position, ReadFilter? filter) =>
        filter?.Streams is { } streams && !indexes.Get(segment).HasAnyOf(streams, position);

    /// <summary>Offset of a frame at or before a position.</summary>
    public long FindFrame(Segment segment, long position) =>
        position <= segment.FirstPosition ? SegmentHeader.Length : indexes.Get(segment).FindFrame(position);
}
