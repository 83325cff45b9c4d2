using WikiBus.Storage;

namespace WikiBus.Server.Tests.Streaming.Starting;

/// <summary>The machine's disk, which counts how often a file is opened.</summary>
internal sealed class CountingDisk : IFileSystem
{
    private readonly PhysicalFileSystem _disk = new();
    private int _openCount;

    public int OpenCount => Volatile.Read(ref _openCount);

    public IStorageFile Open(string path, StorageFileMode mode)
    {
        Interlocked.Increment(ref _openCount);
        return _disk.Open(path, mode);
    }

    public void CreateDirectory(string path) => _disk.CreateDirectory(path);

    public IReadOnlyList<string> ListFiles(string path) => _disk.ListFiles(path);

    public bool FileExists(string path) => _disk.FileExists(path);

    public void Rename(string from, string to) => _disk.Rename(from, to);

    public void Delete(string path) => _disk.Delete(path);

    public void FlushDirectory(string path, string purpose) => _disk.FlushDirectory(path, purpose);

    public long FreeBytes(string path) => _disk.FreeBytes(path);

    public IDisposable Lock(string path) => _disk.Lock(path);

    public IDisposable? TryLockDirectory(string path) => _disk.TryLockDirectory(path);

    public UInt128? Identify(string path) => _disk.Identify(path);
}
