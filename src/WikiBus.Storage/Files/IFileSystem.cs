namespace WikiBus.Storage;

/// <summary>
/// The one seam between the storage code and the operating system. The physical one is
/// <c>PhysicalFileSystem</c>; tests use one that fails, or loses what was not flushed. Paths are absolute. Every
/// failure is an <see cref="IOException"/>. Safe for concurrent use.
/// </summary>
public interface IFileSystem
{
    /// <summary>
    /// Opens a file; <paramref name="mode"/> says whether it must exist, and what may be done with it.
    /// </summary>
    IStorageFile Open(string path, StorageFileMode mode);

    /// <summary>Creates the directory and its parents if they are missing. Does not flush the parents.</summary>
    void CreateDirectory(string path);

    /// <summary>The names (not paths) of the files in a directory, unordered; empty when it does not exist.</summary>
    IReadOnlyList<string> ListFiles(string path);

    /// <summary>True if a file of this path exists.</summary>
    bool FileExists(string path);

    /// <summary>Renames a file over another one. Durable only after <see cref="FlushDirectory"/>.</summary>
    void Rename(string from, string to);

    /// <summary>
    /// Deletes a file; nothing happens when it does not exist. Durable only after <see cref="FlushDirectory"/>.
    /// </summary>
    void Delete(string path);

    /// <summary>Makes the directory's entries (created, renamed, deleted names) durable.</summary>
    /// <param name="path">The directory.</param>
    /// <param name="purpose">What is made durable, in a few words. Tests let a flush fail by it.</param>
    void FlushDirectory(string path, string purpose);

    /// <summary>Bytes that can still be written to the volume of <paramref name="path"/>.</summary>
    long FreeBytes(string path);

    /// <summary>
    /// Takes an exclusive lock file, held until disposed; throws <see cref="IOException"/> when another process holds
    /// it.
    /// </summary>
    IDisposable Lock(string path);

    /// <summary>
    /// Locks a directory itself, until disposed: unlike a lock file, that cannot be deleted while the directory is in
    /// use. Null where the system has no such locks; throws <see cref="IOException"/> when another process holds it.
    /// </summary>
    IDisposable? TryLockDirectory(string path);

    /// <summary>
    /// Which file or directory has a path now: a number that no other one has. Null if there is none. While something
    /// is open its number is not used again. 0 where the system does not say.
    /// </summary>
    UInt128? Identify(string path);
}
