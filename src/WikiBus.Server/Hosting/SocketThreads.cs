using System.Globalization;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using WikiBus.Server.Http;

namespace WikiBus.Server.Hosting;

/// <summary>
/// The framework's threads that wait for sockets hand each one that has something to others. On few processors such a
/// thread, once woken, takes the processor from a request that is being worked on, to hand on one more. As a batch
/// thread (<c>SCHED_BATCH</c>) it waits for its turn and finds several: fewer switches, the same share of the
/// processor. No right is needed for it.
/// </summary>
internal static partial class SocketThreads
{
    /// <summary>What the framework calls them.</summary>
    private const string Name = ".NET Sockets";

    /// <summary>
    /// The framework's switch: what waits for a socket goes on in the thread that waits for all, instead of the
    /// pool. It looks at it once, before the first socket.
    /// </summary>
    private const string InlineCompletions = "DOTNET_SYSTEM_NET_SOCKETS_INLINE_COMPLETIONS";

    private const string OwnThreads = "/proc/self/task";
    private const int Batch = 3; // SCHED_BATCH

    /// <summary>
    /// They run what they find instead of handing it on, one of them per processor; <see cref="RequestThread"/> says
    /// what may stay there. For the whole process, and only before its first socket; who has set the switch already
    /// keeps it.
    /// </summary>
    public static void RunWhatTheyFind()
    {
        if (Environment.GetEnvironmentVariable(InlineCompletions) is null)
        {
            Environment.SetEnvironmentVariable(InlineCompletions, "1");
        }
    }

    /// <summary>For those of this process. Where it cannot be done nothing changes.</summary>
    public static void TakeTurns()
    {
        if (!OperatingSystem.IsLinux() || !Directory.Exists(OwnThreads))
        {
            return;
        }

        StartThem();
        foreach (var thread in Directory.EnumerateDirectories(OwnThreads).Where(IsSocketThread))
        {
            var id = int.Parse(Path.GetFileName(thread), NumberStyles.None, CultureInfo.InvariantCulture);
            var priority = 0;
            _ = SetScheduler(id, Batch, in priority);
        }
    }

    /// <summary>
    /// The framework starts them when a socket is waited for first. This wait ends at once, and the socket has no
    /// address, so that nothing can arrive.
    /// </summary>
    private static void StartThem()
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        using var wait = new SocketAsyncEventArgs();
        wait.SetBuffer(new byte[1]);
        _ = socket.ReceiveAsync(wait);
    }

    private static bool IsSocketThread(string thread)
    {
        try
        {
            return File.ReadAllText(Path.Combine(thread, "comm")).TrimEnd() == Name;
        }
        catch (IOException)
        {
            // It has ended meanwhile.
            return false;
        }
    }

    [LibraryImport("libc", EntryPoint = "sched_setscheduler")]
    private static partial int SetScheduler(int thread, int policy, in int priority);
}
