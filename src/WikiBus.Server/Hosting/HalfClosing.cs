using System.IO.Pipelines;
using System.Net.Sockets;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Connections.Features;
using WikiBus.Server.Http;

namespace WikiBus.Server.Hosting;

/// <summary>
/// A client may end its sending after its request and still wait for the answer. The web server takes that for its
/// leaving and gives the request up, so it is told only of connections that are lost; the end of what is sent it finds
/// by itself behind the last request. Streams, whose clients just go, learn of it by <see cref="SendingEnd"/>.
/// </summary>
internal static class HalfClosing
{
    private const int TcpLevel = 6;
    private const int TcpInfo = 11;
    private const byte CloseWait = 8;

    public static ConnectionDelegate Use(ConnectionDelegate next) => async connection =>
    {
        using var lost = new CancellationTokenSource();
        var socket = connection.Features.Get<IConnectionSocketFeature>()?.Socket;
        await using var registration = connection.ConnectionClosed.UnsafeRegister(
            _ =>
            {
                if (!HasOnlyEndedItsSending(socket))
                {
                    lost.Cancel();
                }
            },
            state: null);
        connection.Features.Set(new SendingEnd(connection.ConnectionClosed));
        connection.ConnectionClosed = lost.Token;
        connection.Transport = new Pipes(new EndingReader(connection.Transport.Input), connection.Transport.Output);
        await next(connection);
    };

    private static bool HasOnlyEndedItsSending(Socket? socket)
    {
        if (socket is null || !OperatingSystem.IsLinux())
        {
            return false;
        }

        try
        {
            Span<byte> state = stackalloc byte[1];
            return socket.GetRawSocketOption(TcpLevel, TcpInfo, state) == 1 && state[0] == CloseWait;
        }
        catch (Exception fault) when (fault is SocketException or ObjectDisposedException)
        {
            return false;
        }
    }

    private sealed record Pipes(PipeReader Input, PipeWriter Output) : IDuplexPipe;
}
