using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace WikiBus.Storage.Files;

/// <summary>
/// <c>open</c>, for what the framework does not open: directories, and files with flags of the system.
/// </summary>
internal static partial class PosixOpen
{
    private const int Interrupted = 4; // EINTR, the same number on Linux and macOS

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

    [LibraryImport("libc", EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial SafeFileHandle Open(string path, int flags);
}
