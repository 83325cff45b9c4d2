using System.Net.Sockets;
using System.Runtime.InteropServices;
using Microsoft.AspNetCore.Connections.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core.Features;

namespace WikiBus.Server.Streaming.Connections;

/// <summary>
/// Leaves the decision that a client is dead to <see cref="StreamConnection.Tick"/>. Kestrel ends connections that read
/// slower than a rate; here a slow client only falls behind.
/// </summary>
internal static class WriteDeadline
{
    private const int TcpLevel = 6;

    /// <summary>
    /// Linux' TCP_USER_TIMEOUT (tcp(7)): how long sent data may stay without acknowledgement before the system gives
    /// the connection up. In milliseconds.
    /// </summary>
    private const int UserTimeoutOption = 18;

    // Our own deadline comes first and ends the connection quietly. The system's appears as an Error of the web server.
    private static readonly TimeSpan s_systemMargin = TimeSpan.FromSeconds(5);

    /// <param name="context">The request, whose response has not started.</param>
    /// <param name="timeout">Our deadline for a write.</param>
    public static void LeaveToUs(HttpContext context, TimeSpan timeout)
    {
        if (context.Features.Get<IHttpMinResponseDataRateFeature>() is { } rate)
        {
            rate.MinDataRate = null;
        }

        if (OperatingSystem.IsLinux() && context.Features.Get<IConnectionSocketFeature>() is { } connection)
        {
            try
            {
                SetUserTimeout(connection.Socket, timeout + s_systemMargin);
            }
            catch (Exception exception) when (exception is ObjectDisposedException or SocketException)
            {
                // The client has reset the connection, and the next write finds that.
            }
        }
    }

    private static void SetUserTimeout(Socket socket, TimeSpan timeout)
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
