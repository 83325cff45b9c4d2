namespace WikiBus.Storage;

/// <summary>
/// An open file. Reads may run beside one writer; writes and flushes come from one caller at a time.
/// Every failure is an <see cref="IOException"/>.
/// </summary>
public interface IStorageFile : IDisposable
{
    /// <summary>The file's length in bytes.</summary>
    long Length { get; }

    /// <summary>
    /// Reads up to <paramref name="buffer"/>'s length at <paramref name="offset"/>; fewer only at the end of the
    /// file.
    /// </summary>
    int Read(long offset, Span<byte> buffer);

    /// <summary>
    /// Writes all of <paramref name="bytes"/> at <paramref name="offset"/>. Durable only after <see cref="Flush"/>.
    /// </summary>
    void Write(long offset, ReadOnlySpan<byte> bytes);

    /// <summary>
    /// Writes whole pages like <see cref="Write"/>, by the way that costs the machine least when they are not read
    /// from the file soon.
    /// </summary>
    /// <param name="offset">A multiple of <see cref="PageBuffer.PageLength"/>.</param>
    /// <param name="pages">A multiple of it long, in the memory of a <see cref="PageBuffer"/>.</param>
    void WritePages(long offset, ReadOnlySpan<byte> pages) => Write(offset, pages);

    /// <summary>
    /// Writes whole pages like the other one, and lets the caller do something else while the machine does.
    /// </summary>
    /// <param name="offset">A multiple of <see cref="PageBuffer.PageLength"/>.</param>
    /// <param name="pages">The memory.</param>
    /// <param name="length">So many bytes of it, a multiple of <see cref="PageBuffer.PageLength"/>.</param>
    /// <param name="meanwhile">Done once, before this returns. It may flush the file, which makes nothing of this write
    /// durable, and must not write to it. What it throws goes on to the caller, after the write.</param>
    void WritePages(long offset, PageBuffer pages, int length, Action meanwhile)
    {
        WritePages(offset, pages.Bytes[..length]);
        meanwhile();
    }

    /// <summary>Cuts or extends the file. Durable only after <see cref="Flush"/>.</summary>
    void SetLength(long length);

    /// <summary>
    /// Makes durable (<c>fdatasync</c>) what was written before the call, and the length where it changed. Of a write
    /// that is still under way, any part may or may not be.
    /// </summary>
    void Flush();
}
