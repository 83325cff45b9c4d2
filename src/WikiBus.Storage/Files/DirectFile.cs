using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace WikiBus.Storage.Files;

/// <summary>
/// A second handle of an open file, whose writes bypass the page cache (<c>O_DIRECT</c>). They copy nothing, and push
/// nothing out of the cache. The system drops its cached pages of a written range, so other handles read the new bytes.
/// </summary>
internal static class DirectFile
{
    private const int WriteOnly = 1; // O_WRONLY

    /// <summary>O_DIRECT of Linux; 0 where it is not known.</summary>
    private static int DirectFlag => !OperatingSystem.IsLinux() ? 0 : RuntimeInformation.ProcessArchitecture switch
    {
        Architecture.X64 => 0x4000,
        Architecture.Arm64 => 0x10000,
        _ => 0,
    };

    /// <summary>Null if the machine or the file system does not support such writes.</summary>
    public static SafeFileHandle? TryOpen(SafeFileHandle file)
    {
        // By the number of its handle, since the file may have another name by now.
        return DirectFlag == 0
            ? null
            : PosixOpen.TryOpen($"/proc/self/fd/{file.DangerousGetHandle()}", WriteOnly | DirectFlag);
    }
}
