using WikiBus.Storage.Files;
using WikiBus.Storage.Frames;

namespace WikiBus.Storage.Segments;

/// <summary>
/// Appends frames to one segment, one at a time. The file is written by whole pages: a page that is full in part is
/// kept in memory and written again with the frame after it, and zeros follow the last frame. Not safe for concurrent
/// use. After an <see cref="IOException"/> nothing but <see cref="Dispose"/> may be called: what the file holds behind
/// <see cref="EndOffset"/> is unknown.
/// </summary>
internal sealed class SegmentWriter : IDisposable
{
    /// <summary>
    /// Bytes of one write. A larger frame is written in pieces of this size, with one flush after the last.
    /// </summary>
    private const int PieceBytesMax = 1 << 20;

    /// <summary>Bytes by which the file may grow for a frame, beside the frame itself.</summary>
    public const int PaddingMax = PageBuffer.PageLength;

    private readonly IStorageFile _file;
    private readonly OpenedPath _path;

    /// <summary>From the first frame on it begins with the written part of the last page.</summary>
    private readonly PageBuffer _pages;
    private bool _hasLastPage;
    private bool _isClosed;

    /// <param name="file">The segment.</param>
    /// <param name="path">Its path, looked at while the file is open.</param>
    /// <param name="header">Its header.</param>
    /// <param name="endOffset">Where its last durable frame ends.</param>
    /// <param name="pages">What <see cref="NewPages"/> returned; this writer's alone from its first frame on.</param>
    public SegmentWriter(
        IStorageFile file, OpenedPath path, SegmentHeader header, long endOffset, PageBuffer pages)
    {
        _file = file;
        _path = path;
        _pages = pages;
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

    /// <summary>
    /// Why what is written would be lost: somebody moved or cut the file. Null: the path leads to it, and it is whole.
    /// </summary>
    public string? FindFault()
    {
        if (!_path.IsOurs())
        {
            return $"{_path.Path} was deleted, moved or replaced while the log is open.";
        }

        return _isClosed || _file.Length >= EndOffset ? null : $"{_path.Path} was cut while the log is open.";
    }

    /// <summary>Memory for writers of which one is used after the other.</summary>
    public static PageBuffer NewPages() => new(PieceBytesMax);

    /// <summary>Writes a frame and makes it durable; <see cref="EndOffset"/> moves only then.</summary>
    /// <param name="frame">The frame.</param>
    /// <param name="kind">What it is.</param>
    /// <param name="firstPosition">Position of the first record.</param>
    /// <returns>The frame's bytes, valid until the buffer is used again.</returns>
    public ReadOnlyMemory<byte> Append(FrameBuffer frame, FrameKind kind, long firstPosition)
    {
        var bytes = frame.Finish(kind, firstPosition, EndOffset, Header.Salt);
        Write(bytes.Span);
        _file.Flush("frame");
        EndOffset += bytes.Length;
        return bytes;
    }

    /// <summary>
    /// Gives back what was prepared and not used, and closes. Not flushed: the next segment's header says where this
    /// one's frames end.
    /// </summary>
    public void Close(long length)
    {
        // Closed already: a failure was mended, and that cut the file.
        if (!_isClosed)
        {
            try
            {
                _file.SetLength(length);
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

    private void Write(ReadOnlySpan<byte> frame)
    {
        var offset = PageBuffer.PageStart(EndOffset);
        var filled = (int)(EndOffset - offset);
        var pages = Pages(offset, filled);
        while (true)
        {
            var count = Math.Min(frame.Length, pages.Length - filled);
            frame[..count].CopyTo(pages[filled..]);
            filled += count;
            frame = frame[count..];
            var length = PageBuffer.WholePages(filled);
            pages[filled..length].Clear();
            _file.WritePages(offset, pages[..length]);
            if (frame.IsEmpty)
            {
                break;
            }

            offset += length;
            filled = 0;
        }

        // If the flush fails this is never used.
        pages[(int)PageBuffer.PageStart(filled)..filled].CopyTo(pages);
    }

    private Span<byte> Pages(long offset, int filled)
    {
        if (!_hasLastPage)
        {
            if (_file.Read(offset, _pages.Bytes[..filled]) < filled)
            {
                throw new IOException($"Segment {Header.Number} ends before byte {EndOffset}, the end of its frames.");
            }

            _hasLastPage = true;
        }

        return _pages.Bytes;
    }
}
