using WikiBus.Storage.Segments;

namespace WikiBus.Storage.Reading;

/// <summary>What readers may see at one moment. Immutable; replaced at every commit.</summary>
/// <param name="Segments">By position, at least one; the last one is appended to.</param>
/// <param name="EndPosition">The position after the last committed record.</param>
/// <param name="EndOffset">Where the last committed frame ends in the last segment.</param>
internal sealed record LogSnapshot(Segment[] Segments, long EndPosition, long EndOffset)
{
    public long FirstPosition => Segments[0].FirstPosition;

    /// <summary>The segment that a position falls into; the first one for positions that have gone.</summary>
    public Segment FindSegment(long position)
    {
        int low = 0, high = Segments.Length - 1;
        while (low < high)
        {
            var middle = (low + high + 1) / 2;
            if (Segments[middle].FirstPosition <= position)
            {
                low = middle;
            }
            else
            {
                high = middle - 1;
            }
        }

        return Segments[low];
    }

    /// <summary>Where the committed frames of a segment end.</summary>
    public long EndOffsetOf(Segment segment) => segment == Segments[^1] ? EndOffset : segment.EndOffset;

    /// <summary>The position after the last record that may be in a segment.</summary>
    public long EndPositionOf(Segment segment) => segment == Segments[^1] ? EndPosition : segment.EndPosition;
}
