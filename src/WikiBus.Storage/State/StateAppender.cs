using WikiBus.Storage.Segments;

namespace WikiBus.Storage.State;

/// <summary>
/// Writes the changes: one frame, one flush. Used by the writer alone.
/// </summary>
/// <remarks>
/// After a failed write or flush nobody knows what the file holds behind the last committed byte. So before the next
/// frame a new segment begins, whose header says where its predecessor ends: what may lie beyond is ignored from then
/// on. A segment whose successor could not be created for sure is never written to again either: the successor's name
/// may have reached the disk, and with it an end that later frames would lie behind.
/// </remarks>
internal sealed class StateAppender
{
    private readonly StateDirectory _directory;
    private readonly PageBuffer _zeros;
    private readonly PageBuffer _pages = SegmentWriter.NewPages();
    private SegmentWriter _writer;
    private long _preparedEnd;
    private bool _mustBeFollowed;

    /// <param name="directory">Makes the segments.</param>
    /// <param name="current">The segment that is appended to first.</param>
    /// <param name="preparedBytes">So much is filled with zeros at once.</param>
    public StateAppender(StateDirectory directory, StateSegment current, int preparedBytes)
    {
        _directory = directory;
        _zeros = new PageBuffer(PageBuffer.WholePages(preparedBytes));
        _zeros.Bytes.Clear();
        Current = current;
        _writer = WriterFor(current);
    }

    /// <summary>The segment that frames go to.</summary>
    public StateSegment Current { get; private set; }

    /// <summary>Appends a frame and makes it durable; returns where it begins.</summary>
    /// <exception cref="IOException">Whether the frame is on disk is unknown; the next append takes it
    /// back.</exception>
    public long Append(FrameBuffer frame, FrameKind kind, long firstVersion)
    {
        if (_mustBeFollowed)
        {
            StartNext(firstVersion);
        }

        var offset = Current.End;
        try
        {
            Prepare(offset + frame.FrameLength);
            _writer.Append(frame, kind, firstVersion);
            Current.End = _writer.EndOffset;
            return offset;
        }
        catch (IOException)
        {
            _mustBeFollowed = true;
            throw;
        }
    }

    /// <summary>Begins the next segment; versions in it are at least <paramref name="firstVersion"/>.</summary>
    public void StartNext(long firstVersion)
    {
        _mustBeFollowed = true;
        var header = Current.Header with
        {
            Number = Current.Header.Number + 1,
            FirstPosition = firstVersion,
            PredecessorEnd = Current.End,
            Salt = SegmentSalt.New(),
        };
        Current = _directory.Create(header, _ => SegmentHeader.Length);
        _writer = WriterFor(Current);
        _preparedEnd = 0;
        _mustBeFollowed = false;
    }

    /// <summary>The file stays the segment's: readers may need it longer than the writer does.</summary>
    private SegmentWriter WriterFor(StateSegment segment) => new(segment.File, segment.Header, segment.End, _pages);

    /// <summary>Zero-fills ahead, so that most flushes find the file's extents in place.</summary>
    private void Prepare(long end)
    {
        if (end <= _preparedEnd || _directory.FreeBytes() < StateLimits.FreeBytesToPrepareMin)
        {
            return;
        }

        // The frame's own write fills its last page.
        var start = PageBuffer.WholePages(end);
        Current.File.WritePages(start, _zeros.Bytes);
        _preparedEnd = start + _zeros.Bytes.Length;
    }
}
