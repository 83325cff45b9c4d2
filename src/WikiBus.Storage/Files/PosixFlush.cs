using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace WikiBus.Storage.Files;

/// <summary>
/// The two flushes that the framework does not offer: <c>fdatasync</c> (its own flush is <c>fsync</c>, which also
/// journals the times of the file), and <c>fsync</c> of a directory (it opens no directories).
/// </summary>
internal static partial class PosixFlush
{
    private const int Interrupted = 4; // EINTR, the same number on Linux and macOS

    public static void Data(SafeFileHandle file)
    {
        while (FlushData(file) != 0)
        {
            ThrowUnlessInterrupted("fdatasync");
        }
    }

    public static void Directory(string path)
    {
        using var directory = PosixOpen.Directory(path);
        while (FlushFile(directory) != 0)
        {
            ThrowUnlessInterrupted($"fsync of {path}");
        }
    }

    private static void ThrowUnlessInterrupted(string call)
    {
        var error = Marshal.GetLastPInvokeError();
        if (error != Interrupted)
        {
            throw PosixOpen.Failed(call, error);
        }
    }

    [LibraryImport("libc", EntryPoint = "fdatasync", SetLastError = true)]
    private static partial int FlushData(SafeFileHandle file);

    [LibraryImport("libc", EntryPoint = "fsync", SetLastError = true)]
    private static partial int FlushFile(SafeFileHandle file);
}
