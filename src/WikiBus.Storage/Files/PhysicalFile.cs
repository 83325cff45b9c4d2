using System.Diagnostics;
using Microsoft.Win32.SafeHandles;

namespace WikiBus.Storage.Files;

/// <summary>A file of the machine, read and written at offsets.</summary>
internal sealed class PhysicalFile : IStorageFile
{
    private const int InvalidArgument = 22; // EINVAL: the answer of a file system without direct writes

    private readonly SafeFileHandle _handle;
    private SafeFileHandle? _direct;
    private bool _hasNoDirect;

    public PhysicalFile(string path, StorageFileMode mode) =>
        // Sharing is not limited here: the lock file keeps other processes out, and readers and tools open files beside
        // the writer.
        _handle = File.OpenHandle(
            path,
            mode == StorageFileMode.CreateNew ? FileMode.CreateNew : FileMode.Open,
            mode == StorageFileMode.Read ? FileAccess.Read : FileAccess.ReadWrite,
            FileShare.ReadWrite | FileShare.Delete);

    public long Length => RandomAccess.GetLength(_handle);

    public int Read(long offset, Span<byte> buffer)
    {
        var total = 0;
        while (total < buffer.Length)
        {
            var count = RandomAccess.Read(_handle, buffer[total..], offset + total);
            if (count == 0)
            {
                break;
            }

            total += count;
        }

        return total;
    }

    public void Write(long offset, ReadOnlySpan<byte> bytes) => RandomAccess.Write(_handle, bytes, offset);

    public void WritePages(long offset, ReadOnlySpan<byte> pages)
    {
        Debug.Assert(
            offset % PageBuffer.PageLength == 0 && pages.Length % PageBuffer.PageLength == 0,
            "Only whole pages are written.");
        if (!TryWriteDirect(offset, pages))
        {
            Write(offset, pages);
        }
    }

    public void SetLength(long length) => RandomAccess.SetLength(_handle, length);

    public void Flush(string purpose)
    {
        if (OperatingSystem.IsLinux())
        {
            PosixFlush.Data(_handle);
        }
        else
        {
            RandomAccess.FlushToDisk(_handle);
        }
    }

    public void Dispose()
    {
        _direct?.Dispose();
        _handle.Dispose();
    }

    private bool TryWriteDirect(long offset, ReadOnlySpan<byte> pages)
    {
        try
        {
            if (Direct is { } direct)
            {
                RandomAccess.Write(direct, pages, offset);
                return true;
            }
        }
        catch (IOException exception) when (exception.HResult == InvalidArgument)
        {
            // The file system opens such handles but does not write through them.
            _hasNoDirect = true;
        }

        return false;
    }

    /// <summary>Null if the file has no direct writes.</summary>
    private SafeFileHandle? Direct
    {
        get
        {
            if (!_hasNoDirect && _direct is null)
            {
                _direct = DirectFile.TryOpen(_handle);
                _hasNoDirect = _direct is null;
            }

            return _hasNoDirect ? null : _direct;
        }
    }
}
