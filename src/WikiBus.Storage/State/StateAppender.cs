using WikiBus.Storage.Segments;

namespace WikiBus.Storage.State;

/// <summary>
/// Writes the changes: one frame, one flush. Used by the writer alone.
/// </summary>
/// <remarks>
/// After a failed write or flush nobody knows what the file holds behind the last committed byte. So before the next
/// frame a
/// new segment begins, whose header says where its predecessor ends: what may lie beyond is ignored from then on.
/// A segment whose successor could not be created for sure is never written to again either: the successor's name may
/// have
/// reached the disk, and with it an end that later frames would lie behind.
/// </remarks>
internal sealed class StateAppender(StateDirectory directory, StateSegment current, int preparedBytes)
{
    private readonly byte[] _zeros = new byte[preparedBytes];
    private SegmentWriter _writer = WriterFor(current);
    private long _preparedEnd;
    private bool _mustBeFollowed;

    /// <summary>The segment that frames go to.</summary>
    public StateSegment Current { get; private set; } = current;

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
        Current = directory.Create(header, _ => SegmentHeader.Length);
        _writer = WriterFor(Current);
        _preparedEnd = 0;
        _mustBeFollowed = false;
    }

    /// <summary>The file stays the segment's: readers may need it longer than the writer does.</summary>
    private static SegmentWriter WriterFor(StateSegment segment) => new(segment.File, segment.Header, segment.End);

    /// <summary>Zero-fills ahead, so that most flushes find the file's extents in place.</summary>
    private void Prepare(long end)
    {
        if (end <= _preparedEnd || directory.FreeBytes() < StateLimits.FreeBytesToPrepareMin)
        {
            return;
        }

        Current.File.Write(end, _zeros);
        _preparedEnd = end + _zeros.Length;
    }
}
