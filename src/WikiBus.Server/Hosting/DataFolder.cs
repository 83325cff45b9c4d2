using WikiBus.Storage;

namespace WikiBus.Server.Hosting;

/// <summary>The data directory, which holds everything that must survive.</summary>
internal static class DataFolder
{
    /// <summary>
    /// Makes the folder if it is missing, and keeps other processes out of it until disposed. That also protects files
    /// beside the log, such as the state, and holds when <c>log</c> is renamed. Null where folders cannot be locked:
    /// the log has a lock of its own.
    /// </summary>
    /// <exception cref="IOException">It cannot be made, it or <c>log</c> in it is a file, or another process uses it.
    /// </exception>
    /// <exception cref="UnauthorizedAccessException">This user may not make it.</exception>
    public static IDisposable? Open(string data, IFileSystem files)
    {
        Create(data);
        if (FindLogFault(data) is { } fault)
        {
            throw new IOException(fault);
        }

        return files.TryLockDirectory(data);
    }

    /// <summary>
    /// Makes the folder if it is missing. Only its owner may use it, since it holds private streams. An existing folder
    /// keeps its permissions.
    /// </summary>
    /// <exception cref="IOException">It cannot be made, or is a file.</exception>
    /// <exception cref="UnauthorizedAccessException">This user may not make it.</exception>
    private static void Create(string data)
    {
        if (File.Exists(data))
        {
            throw new IOException("it is not a folder.");
        }

        if (OperatingSystem.IsWindows())
        {
            Directory.CreateDirectory(data);
        }
        else
        {
            Directory.CreateDirectory(
                data, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        }
    }

    /// <summary>Why <c>log</c> in the folder cannot be a folder; null: it is one, or can be made.</summary>
    public static string? FindLogFault(string data)
    {
        var log = Path.GetFullPath(Path.Combine(data, "log"));
        if (!File.Exists(log))
        {
            return null;
        }

        return File.ResolveLinkTarget(log, returnFinalTarget: true) is { Exists: false } target
            ? $"'{log}' is a link to '{target.FullName}', which does not exist. Bring that folder back, or remove the "
                + "link."
            : $"'{log}' is not a folder. Move it away, or name another data directory.";
    }

    /// <summary>The message if the fault means that another process holds the folder, else null.</summary>
    public static string? InUse(string data, Exception exception) =>
        exception is IOException && IsOfLock(exception.HResult)
        ? $"Another wikibus runs on '{data}': stop it, or name another folder with --data."
        : null;

    /// <summary>The message if the folder cannot be used for another reason.</summary>
    public static string Unusable(string data, Exception exception) =>
        $"The data directory '{data}' cannot be used: {exception.Message}";

    // EWOULDBLOCK of Linux and of macOS, and ERROR_SHARING_VIOLATION. Only locks answer so.
    private static bool IsOfLock(int code) => code is 11 or 35 or unchecked((int)0x80070020);
}
