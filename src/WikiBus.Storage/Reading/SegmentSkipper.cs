using WikiBus.Storage.Segments;

namespace WikiBus.Storage.Reading;

/// <summary>Tells a reader where to enter a segment, and which segments hold nothing for it.</summary>
internal sealed class SegmentSkipper
{
    public bool Skips(LogSnapshot snapshot, Segment segment, long position, ReadFilter? filter) => false;

    /// <summary>Offset of a frame at or before a position.</summary>
    public long FindFrame(Segment segment, long position) => SegmentHeader.Length;
}
