using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace WikiBus.Storage.Files;

/// <summary>
/// The two flushes that the framework does not offer: <c>fdatasync</c> (its own flush is <c>fsync</c>, which also
/// journals the times of the file), and <c>fsync</c> of a directory (it opens no directories).
/// </summary>
internal static partial class PosixFlush
{
    private const int NotFound = 2; // ENOENT, like the next the same number on Linux and macOS
    private const int Interrupted = 4; // EINTR
    private const int OpenReadOnly = 0; // O_RDONLY; opened so, a directory can be flushed and not read

    public static void Data(SafeFileHandle file)
    {
        while (FlushData(file) != 0)
        {
            ThrowUnlessInterrupted("fdatasync");
        }
    }

    public static void Directory(string path)
    {
        using var directory = OpenDirectory(path);
        while (FlushFile(directory) != 0)
        {
            ThrowUnlessInterrupted($"fsync of {path}");
        }
    }

    private static SafeFileHandle OpenDirectory(string path)
    {
        if (PosixOpen.TryOpen(path, OpenReadOnly | OpenDirectoryFlag) is { } handle)
        {
            return handle;
        }

        var error = Marshal.GetLastPInvokeError();
        throw error == NotFound
            ? new DirectoryNotFoundException($"{path} does not exist.")
            : Failed($"open of {path}", error);
    }

    // The flags differ between systems: fcntl.h of Linux on x64, on Arm, and of macOS.
    private static int OpenDirectoryFlag =>
        OperatingSystem.IsMacOS() ? 0x100000
        : RuntimeInformation.ProcessArchitecture is Architecture.Arm64 or Architecture.Arm ? 0x4000
        : 0x10000;

    private static void ThrowUnlessInterrupted(string call)
    {
        var error = Marshal.GetLastPInvokeError();
        if (error != Interrupted)
        {
            throw Failed(call, error);
        }
    }

    private static IOException Failed(string call, int error) =>
        new($"{call} failed: {Marshal.GetPInvokeErrorMessage(error)}", error);

    [LibraryImport("libc", EntryPoint = "fdatasync", SetLastError = true)]
    private static partial int FlushData(SafeFileHandle file);

    [LibraryImport("libc", EntryPoint = "fsync", SetLastError = true)]
    private static partial int FlushFile(SafeFileHandle file);
}
