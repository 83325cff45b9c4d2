using WikiBus.Storage.Segments;

namespace WikiBus.Storage.Writing;

/// <summary>
/// Fills the file of the next segment with zeros ahead of its use: a flush into space that is allocated and initialised
/// changes no metadata of the file system. It keeps step with the segment in use, so that its load on the disk is
/// spread evenly: it begins when that is half full, and is done when 7/8 are full. The writer asks whether more is due;
/// the upkeep does all else.
/// </summary>
internal sealed class SegmentPreparation(
    IFileSystem files,
    string directory,
    SegmentFactory factory,
    SpaceReservations reservations,
    EventLogOptions options,
    TimeProvider time)
    : IDisposable
{
    /// <summary>Bytes written and flushed together. The log's own flush may have to wait for one such piece.</summary>
    private const int PieceBytes = 1 << 20;

    /// <summary>The first prepared segment of a log; each next one is longer, up to the size of a segment.</summary>
    private const long LengthFirst = 16 << 20;
    private const int Growth = 4;

    private const double UsedAtStart = 1.0 / 2;
    private const double UsedAtEnd = 7.0 / 8;

    /// <summary>A prepared file takes at most this part of the space that is free beyond the reserve.</summary>
    private const int SpaceShare = 4;

    /// <summary>After this time the space is checked again when it was short.</summary>
    private static readonly TimeSpan s_retryDelay = TimeSpan.FromSeconds(1);

    private readonly PageBuffer _zeros = NewZeros();
    private IStorageFile? _file;
    private long _length;
    private long _offset;

    /// <summary>The part of the file that is filled, 0 to 1. Written by the upkeep, read by the writer.</summary>
    private double _partDone;

    /// <summary>When preparing was given up; 0: it was not. Written by the upkeep, read by the writer.</summary>
    private long _gaveUpAt;

    private string FilePath => Path.Combine(directory, SegmentFactory.NameOfPrepared);

    /// <summary>True if more should be filled when this part (0 to 1) of the segment in use is used.</summary>
    public bool IsDue(double partUsed) => factory.PreparedLength == 0
        && PartDue(partUsed) > Volatile.Read(ref _partDone)
        && (Volatile.Read(ref _gaveUpAt) == 0 || time.GetElapsedTime(Volatile.Read(ref _gaveUpAt)) >= s_retryDelay);

    /// <summary>Fills as much as is due.</summary>
    /// <param name="lengthBefore">Length to which the segment in use was prepared.</param>
    /// <param name="partUsed">How much of it is used, 0 to 1.</param>
    /// <param name="stopping">Ends it after the piece that it fills.</param>
    public void Run(long lengthBefore, double partUsed, CancellationToken stopping)
    {
        while (!stopping.IsCancellationRequested && IsDue(partUsed))
        {
            try
            {
                if (!TryFillReservedPiece(lengthBefore))
                {
                    GiveUp();
                }
            }
            catch
            {
                GiveUp();
                throw;
            }
        }
    }

    public void Dispose() => _file?.Dispose();

    private static double PartDue(double partUsed) =>
        Math.Clamp((partUsed - UsedAtStart) / (UsedAtEnd - UsedAtStart), 0, 1);

    private static PageBuffer NewZeros()
    {
        var zeros = new PageBuffer(PieceBytes);
        zeros.Bytes.Clear();
        return zeros;
    }

    private bool TryFillReservedPiece(long lengthBefore)
    {
        reservations.Add(PieceBytes);
        try
        {
            return TryFillPiece(lengthBefore);
        }
        finally
        {
            reservations.Remove(PieceBytes);
        }
    }

    /// <summary>False if there is no room for the file. A piece is reserved.</summary>
    private bool TryFillPiece(long lengthBefore)
    {
        var free = files.FreeBytes(directory) - (reservations.Bytes - PieceBytes) - options.FreeBytesMin;
        if (_file is null && !TryBegin(lengthBefore, free))
        {
            return false;
        }

        var count = (int)Math.Min(PieceBytes, _length - _offset);
        if (_length - _offset > free)
        {
            return false;
        }

        _file!.WritePages(_offset, _zeros.Bytes[..count]);
        _file.Flush("prepared space");
        _offset += count;
        if (_offset == _length)
        {
            Finish();
        }
        else
        {
            Volatile.Write(ref _partDone, _offset / (double)_length);
        }

        return true;
    }

    private bool TryBegin(long lengthBefore, long free)
    {
        var length = PageBuffer.PageStart(
            Math.Min(Math.Max(lengthBefore * Growth, LengthFirst), options.SegmentBytesMax));
        while (length > PieceBytes && length > free / SpaceShare)
        {
            length = PageBuffer.PageStart(length / 2);
        }

        if (length > free / SpaceShare)
        {
            return false;
        }

        files.Delete(FilePath);
        _file = files.Open(FilePath, StorageFileMode.CreateNew);
        (_length, _offset) = (length, 0);
        Volatile.Write(ref _gaveUpAt, 0);
        return true;
    }

    private void Finish()
    {
        _file!.Dispose();
        _file = null;
        Volatile.Write(ref _partDone, 0);
        factory.Offer(_length);
    }

    private void GiveUp()
    {
        _file?.Dispose();
        _file = null;
        Volatile.Write(ref _partDone, 0);
        Volatile.Write(ref _gaveUpAt, time.GetTimestamp());
        files.Delete(FilePath);
    }
}
