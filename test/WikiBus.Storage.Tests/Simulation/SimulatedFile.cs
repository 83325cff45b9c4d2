namespace WikiBus.Storage.Tests.Simulation;

/// <summary>
/// An open file of a <see cref="SimulatedDisk"/>; like a handle of the system it outlives the file's name.
/// </summary>
internal sealed class SimulatedFile(SimulatedDisk disk, string path, SimulatedContent content, StorageFileMode mode)
    : IStorageFile
{
    private bool _isDisposed;

    public string Path { get; } = path;

    public SimulatedContent Content { get; } = content;

    public long Length
    {
        get
        {
            ObjectDisposedException.ThrowIf(_isDisposed, this);
            return disk.LengthOf(this);
        }
    }

    public int Read(long offset, Span<byte> buffer)
    {
        ObjectDisposedException.ThrowIf(_isDisposed, this);
        return disk.Read(this, offset, buffer);
    }

    public void Write(long offset, ReadOnlySpan<byte> bytes)
    {
        ThrowUnlessWritable();
        disk.Write(this, offset, bytes);
    }

    /// <summary>As strict as a device: only whole pages, from memory at a page's boundary.</summary>
    public void WritePages(long offset, ReadOnlySpan<byte> pages)
    {
        RequirePages(offset, pages);
        Write(offset, pages);
    }

    private static unsafe void RequirePages(long offset, ReadOnlySpan<byte> pages)
    {
        fixed (byte* start = pages)
        {
            long[] places = [offset, pages.Length, (long)start];
            if (places.Any(place => place % PageBuffer.PageLength != 0))
            {
                throw new InvalidOperationException($"{pages.Length} bytes at {offset} are no whole pages.");
            }
        }
    }

    public void SetLength(long length)
    {
        ThrowUnlessWritable();
        disk.SetLength(this, length);
    }

    public void Flush(string purpose)
    {
        ThrowUnlessWritable();
        disk.Flush(this, purpose);
    }

    public void Dispose() => _isDisposed = true;

    private void ThrowUnlessWritable()
    {
        ObjectDisposedException.ThrowIf(_isDisposed, this);
        if (mode == StorageFileMode.Read)
        {
            throw new InvalidOperationException($"{Path} was opened to be read only.");
        }
    }
}
