using System.Buffers.Binary;
using System.Net.Sockets;
using System.Runtime.InteropServices;

namespace WikiBus.Benchmarks;

/// <summary>
/// Tells which of many sockets have something to read (Linux's <c>epoll</c>). The framework does so, too, and then
/// hands each socket to a thread pool: a load generator of that kind needs more of the processors than the servers
/// that it is to load. Not safe for concurrent use.
/// </summary>
internal sealed unsafe partial class ReadySockets : IDisposable
{
    private const int EventsMax = 1024;
    private const int Add = 1; // EPOLL_CTL_ADD
    private const int Remove = 2; // EPOLL_CTL_DEL
    private const uint Readable = 1; // EPOLLIN
    private const int Interrupted = 4; // EINTR

    /// <summary><c>struct epoll_event</c> is packed on this processor and on no other.</summary>
    private static readonly bool s_isPacked = RuntimeInformation.ProcessArchitecture == Architecture.X64;

    private static readonly int s_keyOffset = s_isPacked ? 4 : 8;
    private static readonly int s_eventBytes = s_keyOffset + 8;

    private readonly byte[] _events = new byte[EventsMax * s_eventBytes];
    private readonly int _descriptor = Require(Create(0));

    public void Watch(Socket socket, int key)
    {
        Span<byte> bytes = stackalloc byte[s_eventBytes];
        bytes.Clear();
        BinaryPrimitives.WriteUInt32LittleEndian(bytes, Readable);
        BinaryPrimitives.WriteInt64LittleEndian(bytes[s_keyOffset..], key);
        fixed (byte* pointer = bytes)
        {
            Require(Control(_descriptor, Add, (int)socket.Handle, pointer));
        }
    }

    public void Forget(Socket socket) => Require(Control(_descriptor, Remove, (int)socket.Handle, null));

    /// <summary>Waits until some have; their keys.</summary>
    public int Wait(TimeSpan timeout, Span<int> keys)
    {
        int count;
        fixed (byte* pointer = _events)
        {
            count = Wait(
                _descriptor, pointer, Math.Min(EventsMax, keys.Length), (int)timeout.TotalMilliseconds);
        }

        if (count < 0 && Marshal.GetLastPInvokeError() == Interrupted)
        {
            return 0;
        }

        Require(count);
        for (var index = 0; index < count; index++)
        {
            var key = BinaryPrimitives.ReadInt64LittleEndian(_events.AsSpan((index * s_eventBytes) + s_keyOffset));
            keys[index] = (int)key;
        }

        return count;
    }

    public void Dispose() => _ = Close(_descriptor);

    private static int Require(int result) => result >= 0
        ? result
        : throw new InvalidOperationException("epoll: " + Marshal.GetLastPInvokeErrorMessage());

    [LibraryImport("libc", EntryPoint = "epoll_create1", SetLastError = true)]
    private static partial int Create(int flags);

    [LibraryImport("libc", EntryPoint = "epoll_ctl", SetLastError = true)]
    private static partial int Control(int epoll, int operation, int descriptor, byte* events);

    [LibraryImport("libc", EntryPoint = "epoll_wait", SetLastError = true)]
    private static partial int Wait(int epoll, byte* events, int eventsMax, int timeoutMs);

    [LibraryImport("libc", EntryPoint = "close")]
    private static partial int Close(int descriptor);
}
