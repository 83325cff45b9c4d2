using WikiBus.Storage.Indexes;
using WikiBus.Storage.Segments;

namespace WikiBus.Storage.Reading;

/// <summary>What readers may see at one moment. Immutable; replaced at every commit.</summary>
/// <param name="Segments">By position, at least one; the last one is appended to.</param>
/// <param name="EndPosition">The position after the last committed record.</param>
/// <param name="EndOffset">Where the last committed frame ends in the last segment.</param>
internal sealed record LogSnapshot(Segment[] Segments, long EndPosition, long EndOffset)
{
    public long FirstPosition => Segments[0].FirstPosition;

    /// <summary>The segment that a position falls into; the first one for deleted positions.</summary>
    public Segment FindSegment(long position) => Segments[FindIndex(position)];

    /// <summary>The index of the segment that <see cref="FindSegment"/> returns.</summary>
    public int FindIndex(long position) =>
        Math.Max(0, BinarySearch.Last<Segment>(Segments, segment => segment.FirstPosition <= position));

    /// <summary>Where the committed frames of a segment end.</summary>
    public long EndOffsetOf(Segment segment) => segment == Segments[^1] ? EndOffset : segment.EndOffset;

    /// <summary>The position after the last record that may be in a segment.</summary>
    public long EndPositionOf(Segment segment) => segment == Segments[^1] ? EndPosition : segment.EndPosition;
}
