namespace WikiBus.Storage;

/// <summary>How <see cref="IFileSystem.Open"/> opens a file.</summary>
public enum StorageFileMode
{
    /// <summary>The file exists; it is read only.</summary>
    Read,

    /// <summary>The file exists; it is read and written.</summary>
    ReadWrite,

    /// <summary>The file does not exist yet; it is created, read and written.</summary>
    CreateNew,
}
