using WikiBus.Storage.Segments;

namespace WikiBus.Storage.State;

/// <summary>
/// Writes the changes: one frame, one flush. Used by the writer alone.
/// </summary>
/// <remarks>
/// After a failed write or flush nobody knows what the file holds behind the last committed byte. Before the next frame:
/// 1. the segment is opened anew, cut to its last committed byte, and flushed;
/// 2. a new segment begins, whose header says where its predecessor ends: what may still lie beyond is ignored.
/// A segment whose successor could not be created for sure is never written to again: the successor's name may have
/// reached the disk, and with it an end that later frames would lie behind.
/// </remarks>
internal sealed class StateAppender(StateDirectory directory, StateSegment current, int preparedBytes)
{
    private readonly byte[] _zeros = new byte[preparedBytes];
    private long _preparedEnd;
    private bool _mustBeCut;
    private bool _mustBeFollowed;

    /// <summary>The segment that frames go to.</summary>
    public StateSegment Current { get; private set; } = current;

    /// <summary>Appends a frame and makes it durable; returns where it begins.</summary>
    /// <exception cref="IOException">Whether the frame is on disk is unknown; the next append takes it back.</exception>
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
            var bytes = frame.Seal(kind, firstVersion, offset, Current.Header.Salt);
            Current.File.Write(offset, bytes);
            Current.File.Flush();
            Current.End = offset + bytes.Length;
            return offset;
        }
        catch (IOException)
        {
            _mustBeCut = true;
            _mustBeFollowed = true;
            throw;
        }
    }

    /// <summary>Begins the next segment; versions in it are at least <paramref name="firstVersion"/>.</summary>
    public void StartNext(long firstVersion)
    {
        _mustBeFollowed = true;
        if (_mustBeCut)
        {
            CutToCommitted();
            _mustBeCut = false;
        }

        var header = Current.Header with
        {
            Number = Current.Header.Number + 1,
            FirstPosition = firstVersion,
            PredecessorEnd = Current.End,
            Salt = StateDirectory.NewSalt(),
        };
        Current = directory.Create(header, _ => SegmentHeader.Length);
        _preparedEnd = 0;
        _mustBeFollowed = false;
    }

    private void CutToCommitted()
    {
        // A new handle: the old one's error state says nothing about what is asked of it now.
        using var file = directory.OpenFile(Current);
        file.SetLength(Current.End);
        file.Flush();
    }

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
