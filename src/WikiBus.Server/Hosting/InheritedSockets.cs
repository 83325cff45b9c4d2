using System.Globalization;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using WikiBus.Server.Options;

namespace WikiBus.Server.Hosting;

/// <summary>
/// The listening sockets that the process inherited, from a socket unit of systemd: descriptors from 3 on, as many as
/// <c>LISTEN_FDS</c> says, if <c>LISTEN_PID</c> is this process. Connections wait in such a socket while the process
/// restarts.
/// </summary>
internal sealed partial class InheritedSockets
{
    private const string CountVariable = "LISTEN_FDS";
    private const string ProcessVariable = "LISTEN_PID";
    private const string NamesVariable = "LISTEN_FDNAMES";
    private const int First = 3;
    private const int CountMax = 64;
    private const int SocketLevel = 1;
    private const int AcceptsConnections = 30;
    private const int SetDescriptorFlags = 2;
    private const int CloseOnExec = 1;

    private InheritedSockets(int count) => Descriptors = [.. Enumerable.Range(First, count)];

    public IReadOnlyList<int> Descriptors { get; }

    /// <summary>Takes the sockets. Programs that this process may start get neither them nor the variables.</summary>
    public static InheritedSockets Take(Action<OptionFault> report)
    {
        var isOwn = Environment.GetEnvironmentVariable(ProcessVariable)
            == Environment.ProcessId.ToString(CultureInfo.InvariantCulture);
        var text = Environment.GetEnvironmentVariable(CountVariable) ?? "";
        if (!isOwn)
        {
            return new InheritedSockets(0);
        }

        foreach (var variable in new[] { CountVariable, ProcessVariable, NamesVariable })
        {
            Environment.SetEnvironmentVariable(variable, null);
        }

        if (!int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var count)
            || count is < 1 or > CountMax)
        {
            report(new OptionFault(CountVariable, $"'{text}' is not allowed; 1 to {CountMax} is"));
            return new InheritedSockets(0);
        }

        return new InheritedSockets(count);
    }

    /// <exception cref="StartupException">A descriptor is something else.</exception>
    public void Require()
    {
        foreach (var descriptor in Descriptors)
        {
            if (!IsListening(descriptor) || SetFlags(descriptor, SetDescriptorFlags, CloseOnExec) != 0)
            {
                throw new StartupException(
                    $"Cannot listen: the inherited descriptor {descriptor} is not a listening TCP socket; "
                    + "look at the socket unit",
                    ExitCodes.Failed);
            }
        }
    }

    private static bool IsListening(int descriptor)
    {
        try
        {
            using var socket = new Socket(new SafeSocketHandle(descriptor, ownsHandle: false));
            Span<byte> value = stackalloc byte[sizeof(int)];
            return socket.AddressFamily is AddressFamily.InterNetwork or AddressFamily.InterNetworkV6
                && socket.GetRawSocketOption(SocketLevel, AcceptsConnections, value) == value.Length
                && MemoryMarshal.Read<int>(value) == 1;
        }
        catch (SocketException)
        {
            return false;
        }
    }

    [LibraryImport("libc", EntryPoint = "fcntl", SetLastError = true)]
    private static partial int SetFlags(int descriptor, int command, int flags);
}
