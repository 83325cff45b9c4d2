using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace WikiBus.Benchmarks;

/// <summary><c>fdatasync</c>, without the code that is measured.</summary>
internal static partial class DataSync
{
    public static void Flush(SafeFileHandle file)
    {
        if (FileDataSync(file) != 0)
        {
            throw new IOException($"fdatasync failed, errno {Marshal.GetLastPInvokeError()}.");
        }
    }

    [LibraryImport("libc", EntryPoint = "fdatasync", SetLastError = true)]
    private static partial int FileDataSync(SafeFileHandle file);
}
