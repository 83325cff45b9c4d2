using System.Net.Sockets;
using System.Runtime.InteropServices;

namespace WikiBus.Server.Streaming.Connections;

/// <summary>
/// Linux' TCP_USER_TIMEOUT: how long sent data may stay without acknowledgement before the connection is given up.
/// </summary>
internal static class WriteDeadline
{
    private const int TcpLevel = 6;
    private const int UserTimeoutOption = 18;

    public static void Set(Socket socket, TimeSpan timeout)
    {
        if (socket.ProtocolType != ProtocolType.Tcp)
        {
            return;
        }

        var milliseconds = (int)timeout.TotalMilliseconds;
        socket.SetRawSocketOption(
            TcpLevel, UserTimeoutOption, MemoryMarshal.AsBytes(new ReadOnlySpan<int>(in milliseconds)));
    }
}
