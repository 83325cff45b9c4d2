using System.Runtime.CompilerServices;

namespace WikiBus.Storage.Segments;

/// <summary>
/// Appends frames to one segment. The file is written by whole pages: a page that is full in part is kept in memory
/// and written again with the frame after it, and zeros stand behind the last frame. What is written may be flushed
/// while the next frame is being written. Not safe for concurrent use. After an <see cref="IOException"/> nothing but
/// <see cref="Dispose"/> may be called: what the file holds behind <see cref="EndOffset"/> is unknown.
/// </summary>
internal sealed class SegmentWriter : IDisposable
{
    /// <summary>Written at once; a larger frame goes in pieces of this size, with one flush behind the last.</summary>
    private const int PieceBytesMax = 1 << 20;

    /// <summary>Bytes by which the file may grow for a frame, beside the frame itself.</summary>
    public const int PaddingMax = PageBuffer.PageLength;

    private readonly IStorageFile _file;

    /// <summary>From the first frame on it begins with the written part of the last page.</summary>
    private readonly PageBuffer _pages;
    private bool _hasLastPage;
    private bool _isClosed;

    /// <param name="file">The segment.</param>
    /// <param name="header">Its header.</param>
    /// <param name="endOffset">Where its last durable frame ends.</param>
    /// <param name="pages">What <see cref="NewPages"/> returned; this writer's alone from its first frame on.</param>
    public SegmentWriter(IStorageFile file, SegmentHeader header, long endOffset, PageBuffer pages)
    {
        _file = file;
        _pages = pages;
        Header = header;
        WrittenOffset = EndOffset = endOffset;
        PreparedLength = file.Length;
    }

    public SegmentHeader Header { get; }

    /// <summary>The end of the last durable frame.</summary>
    public long EndOffset { get; private set; }

    /// <summary>The end of the last frame, durable or not.</summary>
    public long WrittenOffset { get; private set; }

    /// <summary>
    /// Up to here the file is filled with zeros that are durable, so that a flush changes no length and no extents.
    /// </summary>
    public long PreparedLength { get; }

    /// <summary>Memory for writers of which one is used after the other.</summary>
    public static PageBuffer NewPages() => new(PieceBytesMax);

    /// <summary>Writes a frame and makes it durable.</summary>
    public void Append(FrameBuffer frame, FrameKind kind, long firstPosition)
    {
        Write(frame, kind, firstPosition, meanwhile: null);
        Flush(WrittenOffset);
    }

    /// <summary>Writes a frame, which says what before it may not be durable yet.</summary>
    /// <param name="frame">The frame.</param>
    /// <param name="kind">What it is.</param>
    /// <param name="firstPosition">Position of the first record.</param>
    /// <param name="meanwhile">Done while the machine writes; it may call <see cref="Flush"/>. Null: nothing.</param>
    /// <returns>The frame's bytes, valid until the buffer is used again.</returns>
    public ReadOnlyMemory<byte> Write(FrameBuffer frame, FrameKind kind, long firstPosition, Action? meanwhile)
    {
        var unflushedLength = checked((int)(WrittenOffset - EndOffset));
        var bytes = frame.Seal(kind, firstPosition, WrittenOffset, Header.Salt, unflushedLength);
        Write(bytes.Span, meanwhile);
        WrittenOffset += bytes.Length;
        return bytes;
    }

    /// <summary>Makes what was written before the call durable; <see cref="EndOffset"/> moves only then.</summary>
    /// <param name="offset">The end of a frame written before.</param>
    /// <remarks>Not inlined: the durability suite takes this flush away by the name of its caller.</remarks>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public void Flush(long offset)
    {
        _file.Flush();
        EndOffset = offset;
    }

    /// <summary>
    /// Gives back what was prepared and not used, and closes. Not flushed: the next segment's header says where this
    /// one ends, and what lies behind is ignored.
    /// </summary>
    public void Seal()
    {
        // Closed: a failure was mended, and that cut the file.
        if (!_isClosed)
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

    private void Write(ReadOnlySpan<byte> frame, Action? meanwhile)
    {
        var offset = PageBuffer.PageStart(WrittenOffset);
        var filled = (int)(WrittenOffset - offset);
        var pages = Pages(offset, filled);
        while (true)
        {
            var count = Math.Min(frame.Length, pages.Length - filled);
            frame[..count].CopyTo(pages[filled..]);
            filled += count;
            frame = frame[count..];
            var length = PageBuffer.WholePages(filled);
            pages[filled..length].Clear();
            if (frame.IsEmpty && meanwhile is not null)
            {
                _file.WritePages(offset, _pages, length, meanwhile);
                break;
            }

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
                throw new IOException(
                    $"Segment {Header.Number} ends before byte {WrittenOffset}, the end of its frames.");
            }

            _hasLastPage = true;
        }

        return _pages.Bytes;
    }
}
