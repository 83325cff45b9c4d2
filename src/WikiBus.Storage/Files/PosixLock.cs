using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace WikiBus.Storage.Files;

/// <summary><c>flock</c> of a directory, which the framework does not open.</summary>
internal static partial class PosixLock
{
    private const int Interrupted = 4; // EINTR
    private const int ExclusiveNow = 2 | 4; // LOCK_EX | LOCK_NB

    // EWOULDBLOCK of Linux and of macOS.
    private static readonly int s_heldByAnother = OperatingSystem.IsMacOS() ? 35 : 11;

    /// <summary>
    /// Null if the file system has no such locks (NFS wants files that are open for writing); dispose it to unlock.
    /// </summary>
    /// <exception cref="IOException">Another process holds it.</exception>
    public static SafeFileHandle? TryLockDirectory(string path)
    {
        var directory = PosixOpen.Directory(path);
        while (Lock(directory, ExclusiveNow) != 0)
        {
            var error = Marshal.GetLastPInvokeError();
            if (error == Interrupted)
            {
                continue;
            }

            directory.Dispose();
            return error == s_heldByAnother ? throw PosixOpen.Failed($"lock of {path}", error) : null;
        }

        return directory;
    }

    [LibraryImport("libc", EntryPoint = "flock", SetLastError = true)]
    private static partial int Lock(SafeFileHandle file, int operation);
}
