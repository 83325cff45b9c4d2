using WikiBus.Storage.Files;

namespace WikiBus.Storage;

/// <summary>The file system of the machine. Stateless and safe for concurrent use.</summary>
public sealed class PhysicalFileSystem : IFileSystem
{
    /// <inheritdoc />
    public IStorageFile Open(string path, StorageFileMode mode) => Guard(path, () => new PhysicalFile(path, mode));

    /// <inheritdoc />
    public void CreateDirectory(string path) => Guard(path, () => Directory.CreateDirectory(path));

    /// <inheritdoc />
    public IReadOnlyList<string> ListFiles(string path) => Guard<IReadOnlyList<string>>(path, () =>
        Directory.Exists(path) ? [.. Directory.EnumerateFiles(path).Select(file => Path.GetFileName(file))] : []);

    /// <inheritdoc />
    public bool FileExists(string path) => File.Exists(path);

    /// <inheritdoc />
    public void Rename(string from, string to) => Guard(from, () =>
    {
        File.Move(from, to, overwrite: true);
        return true;
    });

    /// <inheritdoc />
    public void Delete(string path) => Guard(path, () =>
    {
        if (File.Exists(path))
        {
            File.Delete(path);
        }

        return true;
    });

    /// <inheritdoc />
    /// <remarks>Windows keeps its directory entries in a journal of its own; there is nothing to call there.</remarks>
    public void FlushDirectory(string path, string purpose)
    {
        if (!OperatingSystem.IsWindows())
        {
            PosixFlush.Directory(path);
        }
    }

    /// <inheritdoc />
    public long FreeBytes(string path) => Guard(path, () => new DriveInfo(path).AvailableFreeSpace);

    /// <inheritdoc />
    public IDisposable Lock(string path) => Guard(
        path, () => new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None));

    /// <inheritdoc />
    public IDisposable? TryLockDirectory(string path) =>
        OperatingSystem.IsWindows() ? null : PosixLock.TryLockDirectory(path);

    /// <inheritdoc />
    public UInt128? Identify(string path) =>
        OperatingSystem.IsLinux() ? LinuxFileIdentity.Find(path) : Path.Exists(path) ? 0 : null;

    /// <summary>
    /// The framework reports a missing permission by an exception that is not an <see cref="IOException"/>.
    /// </summary>
    private static T Guard<T>(string path, Func<T> call)
    {
        try
        {
            return call();
        }
        catch (UnauthorizedAccessException exception)
        {
            throw new IOException($"No permission for {path}: {exception.Message}", exception);
        }
    }
}
