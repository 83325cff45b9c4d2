using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace WikiBus.Storage.Files;

/// <summary>
/// <c>open</c>, for what the framework does not open: directories, and files with flags of the system.
/// </summary>
internal static partial class PosixOpen
{
    private const int NotFound = 2; // ENOENT, like the next the same number on Linux and macOS
    private const int Interrupted = 4; // EINTR
    private const int ReadOnly = 0; // O_RDONLY; opened so, a directory can be flushed and locked, and not read

    private static int CloseOnExecuteFlag => OperatingSystem.IsMacOS() ? 0x1000000 : 0x80000;

    /// <summary>Null when the system refuses; its last error says why.</summary>
    public static SafeFileHandle? TryOpen(string path, int flags)
    {
        while (true)
        {
            var handle = Open(path, flags | CloseOnExecuteFlag);
            if (!handle.IsInvalid)
            {
                return handle;
            }

            handle.Dispose();
            if (Marshal.GetLastPInvokeError() != Interrupted)
            {
                return null;
            }
        }
    }

    /// <exception cref="IOException">The directory cannot be opened, or does not exist.</exception>
    public static SafeFileHandle Directory(string path)
    {
        if (TryOpen(path, ReadOnly | DirectoryFlag) is { } handle)
        {
            return handle;
        }

        var error = Marshal.GetLastPInvokeError();
        throw error == NotFound
            ? new DirectoryNotFoundException($"{path} does not exist.")
            : Failed($"open of {path}", error);
    }

    /// <summary>The exception for a call that failed.</summary>
    /// <param name="call">What failed, in a few words.</param>
    /// <param name="error">The system's number, which the exception keeps.</param>
    public static IOException Failed(string call, int error) =>
        new($"{call} failed: {Marshal.GetPInvokeErrorMessage(error)}", error);

    // The flags differ between systems: fcntl.h of Linux on x64, on Arm, and of macOS.
    private static int DirectoryFlag =>
        OperatingSystem.IsMacOS() ? 0x100000
        : RuntimeInformation.ProcessArchitecture is Architecture.Arm64 or Architecture.Arm ? 0x4000
        : 0x10000;

    [LibraryImport("libc", EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial SafeFileHandle Open(string path, int flags);
}
