using System.Runtime.InteropServices;

namespace WikiBus.Storage.Writing;

/// <summary>
/// Lets the writer's thread run before others where the system permits it: all requests of a frame wait for it, and it
/// needs little. On a busy machine it would else stand in line behind the very requests that wait for its next frame.
/// The framework's own thread priorities do nothing on Linux.
/// </summary>
internal static partial class WriterPriority
{
    private const int OfProcessOrThread = 0; // PRIO_PROCESS; Linux takes a thread's id for it
    private const int CallingThread = 0;
    private const int Nice = -10;

    /// <summary>For the calling thread. Without the right to do it (<c>RLIMIT_NICE</c>) nothing changes.</summary>
    public static void Raise()
    {
        if (OperatingSystem.IsLinux())
        {
            _ = SetPriority(OfProcessOrThread, CallingThread, Nice);
        }
    }

    [LibraryImport("libc", EntryPoint = "setpriority")]
    private static partial int SetPriority(int which, int who, int nice);
}
