using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace WikiBus.Storage;

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
        while (true)
        {
            var handle = Open(path, OpenReadOnly | OpenDirectoryFlag | CloseOnExecuteFlag);
            if (!handle.IsInvalid)
            {
                return handle;
            }

            handle.Dispose();
            if (Marshal.GetLastPInvokeError() == NotFound)
            {
                throw new DirectoryNotFoundException($"{path} does not exist.");
            }

            ThrowUnlessInterrupted($"open of {path}");
        }
    }

    // The flags differ between systems: fcntl.h of Linux on x64, on Arm, and of macOS.
    private static int OpenDirectoryFlag =>
        OperatingSystem.IsMacOS() ? 0x100000
        : RuntimeInformation.ProcessArchitecture is Architecture.Arm64 or Architecture.Arm ? 0x4000
        : 0x10000;

    private static int CloseOnExecuteFlag => OperatingSystem.IsMacOS() ? 0x1000000 : 0x80000;

    private static void ThrowUnlessInterrupted(string call)
    {
        var error = Marshal.GetLastPInvokeError();
        if (error != Interrupted)
        {
            throw new IOException($"{call} failed: {Marshal.GetPInvokeErrorMessage(error)}", error);
        }
    }

    [LibraryImport("libc", EntryPoint = "fdatasync", SetLastError = true)]
    private static partial int FlushData(SafeFileHandle file);

    [LibraryImport("libc", EntryPoint = "fsync", SetLastError = true)]
    private static partial int FlushFile(SafeFileHandle file);

    [LibraryImport("libc", EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial SafeFileHandle Open(string path, int flags);
}
