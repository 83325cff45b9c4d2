using WikiBus.Storage.Frames;

namespace WikiBus.Storage.Segments;

/// <summary>What follows the last intact frame of a segment.</summary>
/// <param name="Status">What it is.</param>
/// <param name="From">The end of the last intact frame.</param>
/// <param name="To">The end of the bytes concerned; equals <paramref name="From"/> when there are none.</param>
internal readonly record struct SegmentTail(SegmentTailStatus Status, long From, long To)
{
    /// <summary>Judges what a scanner stopped at.</summary>
    /// <param name="file">The segment.</param>
    /// <param name="scanner">Stopped at a place without an intact frame.</param>
    /// <param name="salt">The segment's salt.</param>
    /// <param name="hasEndMark">The last intact frame is an end mark. Every frame after one was flushed before the
    /// next was written: if the place right after the mark is zero, nothing follows.</param>
    public static SegmentTail Examine(IStorageFile file, FrameScanner scanner, ulong salt, bool hasEndMark)
    {
        var (from, length) = (scanner.Offset, file.Length);
        if (scanner.Status == FrameStatus.OtherVersion)
        {
            return new SegmentTail(SegmentTailStatus.OtherVersion, from, length);
        }

        var start = Math.Min(length, from + FrameHeader.FixedLength);
        if (hasEndMark && FrameSearch.FindEndOfData(file, from, start) == from)
        {
            return new SegmentTail(SegmentTailStatus.Empty, from, from);
        }

        if (FrameSearch.FindHeader(file, from + FrameHeader.Alignment, length, salt) is var next and >= 0)
        {
            return new SegmentTail(SegmentTailStatus.Damaged, from, next);
        }

        var dataEnd = FrameSearch.FindEndOfData(file, from, length);
        return new SegmentTail(dataEnd > from ? SegmentTailStatus.Torn : SegmentTailStatus.Empty, from, dataEnd);
    }
}
