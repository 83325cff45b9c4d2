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
    /// Writes <paramref name="length"/> zeros at <paramref name="offset"/>, by the way that costs the machine least
    /// when nobody is to read them soon. Durable only after <see cref="Flush"/>.
    /// </summary>
    void WriteZeros(long offset, int length) => Write(offset, new byte[length]);

    /// <summary>Cuts or extends the file. Durable only after <see cref="Flush"/>.</summary>
    void SetLength(long length);

    /// <summary>Makes the content durable (<c>fdatasync</c>): bytes written, and the length where it changed.</summary>
    void Flush();
}
