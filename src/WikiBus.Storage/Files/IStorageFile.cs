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
    /// Writes whole pages like <see cref="Write"/>, past the page cache where possible: for pages that are not read
    /// soon.
    /// </summary>
    /// <param name="offset">A multiple of <see cref="PageBuffer.PageLength"/>.</param>
    /// <param name="pages">Memory of a <see cref="PageBuffer"/>; the length is a multiple of the same.</param>
    void WritePages(long offset, ReadOnlySpan<byte> pages) => Write(offset, pages);

    /// <summary>Cuts or extends the file. Durable only after <see cref="Flush"/>.</summary>
    void SetLength(long length);

    /// <summary>
    /// Makes durable (<c>fdatasync</c>) what was written before the call, and the length where it changed.
    /// </summary>
    /// <param name="purpose">What is made durable, in a few words. Tests let a flush fail by it.</param>
    void Flush(string purpose);
}
