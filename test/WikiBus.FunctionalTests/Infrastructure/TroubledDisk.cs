using WikiBus.Storage;

namespace WikiBus.FunctionalTests.Infrastructure;

/// <summary>The machine's disk, on which a test can block flushes, fail writes and use up the space.</summary>
internal sealed class TroubledDisk : IFileSystem
{
    private readonly PhysicalFileSystem _disk = new();
    private readonly ManualResetEventSlim _flushesMayEnd = new(initialState: true);

    /// <summary>True: every write to a file fails.</summary>
    public bool WritesFail { get; set; }

    /// <summary>True: the volume reports no free space.</summary>
    public bool IsFull { get; set; }

    /// <summary>From now on, flushes of files block.</summary>
    public void HoldFlushes() => _flushesMayEnd.Reset();

    public void ReleaseFlushes() => _flushesMayEnd.Set();

    public IStorageFile Open(string path, StorageFileMode mode) => new TroubledFile(this, _disk.Open(path, mode));

    public void CreateDirectory(string path) => _disk.CreateDirectory(path);

    public IReadOnlyList<string> ListFiles(string path) => _disk.ListFiles(path);

    public bool FileExists(string path) => _disk.FileExists(path);

    public void Rename(string from, string to) => _disk.Rename(from, to);

    public void Delete(string path) => _disk.Delete(path);

    public void FlushDirectory(string path, string purpose) => _disk.FlushDirectory(path, purpose);

    public long FreeBytes(string path) => IsFull ? 0 : _disk.FreeBytes(path);

    public IDisposable Lock(string path) => _disk.Lock(path);

    public IDisposable? TryLockDirectory(string path) => _disk.TryLockDirectory(path);

    public UInt128? Identify(string path) => _disk.Identify(path);

    private sealed class TroubledFile(TroubledDisk owner, IStorageFile file) : IStorageFile
    {
        public long Length => file.Length;

        public int Read(long offset, Span<byte> buffer) => file.Read(offset, buffer);

        public void Write(long offset, ReadOnlySpan<byte> bytes)
        {
            if (owner.WritesFail)
            {
                throw new IOException("The disk takes no writes.");
            }

            file.Write(offset, bytes);
        }

        public void SetLength(long length) => file.SetLength(length);

        public void Flush(string purpose)
        {
            // Otherwise the writer would wait for ever after a failed test.
            owner._flushesMayEnd.Wait(TestTime.Limit);
            file.Flush(purpose);
        }

        public void Dispose() => file.Dispose();
    }
}
