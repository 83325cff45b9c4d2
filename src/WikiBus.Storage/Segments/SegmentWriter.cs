using System.Runtime.CompilerServices;

namespace WikiBus.Storage.Segments;

/// <summary>
/// Appends frames to one segment. Not safe for concurrent use. After an <see cref="IOException"/> nothing but
/// <see cref="Dispose"/> may be called: what the file holds behind <see cref="EndOffset"/> is unknown.
/// </summary>
internal sealed class SegmentWriter : IDisposable
{
    private readonly IStorageFile _file;
    private bool _isClosed;

    public SegmentWriter(IStorageFile file, SegmentHeader header, long endOffset)
    {
        _file = file;
        Header = header;
        EndOffset = endOffset;
        PreparedLength = file.Length;
    }

    public SegmentHeader Header { get; }

    /// <summary>The end of the last durable frame.</summary>
    public long EndOffset { get; private set; }

    /// <summary>
    /// Up to here the file is filled with zeros that are durable, so that a flush changes no length and no extents.
    /// </summary>
    public long PreparedLength { get; }

    /// <summary>Writes a frame and makes it durable; <see cref="EndOffset"/> moves only then.</summary>
    /// <remarks>Not inlined: the durability suite takes this flush away by the name of its caller.</remarks>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public void Append(FrameBuffer frame, FrameKind kind, long firstPosition)
    {
        var bytes = frame.Seal(kind, firstPosition, EndOffset, Header.Salt);
        var pages = frame.WithWholePages(bytes, EndOffset);
        _file.Write(EndOffset, EndOffset + pages.Length <= PreparedLength ? pages : bytes);
        _file.Flush();
        EndOffset += bytes.Length;
    }

    /// <summary>
    /// Gives back what was prepared and not used, and closes. Not flushed: the next segment's header says where this
    /// one ends, and what lies behind is ignored.
    /// </summary>
    public void Seal()
    {
        // Closed: a failure was mended, and that cut the file.
        if (!_isClosed && PreparedLength > EndOffset)
        {
            try
            {
                _file.SetLength(EndOffset);
            }
            catch (IOException)
            {
                // The next segment is in use already; only space is lost.
            }
        }

        Dispose();
    }

    public void Dispose()
    {
        _isClosed = true;
        _file.Dispose();
    }
}
