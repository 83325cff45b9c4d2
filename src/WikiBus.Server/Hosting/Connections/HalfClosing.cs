using System.IO.Pipelines;
using System.Net.Sockets;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Connections.Features;
using WikiBus.Server.Http;

namespace WikiBus.Server.Hosting.Connections;

/// <summary>
/// A client may half-close its connection: it ends its sending after its request, and still waits for the answer. The
/// web server would take that for a lost connection, and abort the request. So this class reports only lost connections
/// to it; the web server finds the end of the bytes itself, after the last request. Streams end when their client ends
/// its sending, which they learn by <see cref="SendingEnd"/>.
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
        catch (Exception exception) when (exception is SocketException or ObjectDisposedException)
        {
            return false;
        }
    }

    private sealed record Pipes(PipeReader Input, PipeWriter Output) : IDuplexPipe;

    /// <summary>
    /// What a connection receives. The web server aborts a request if it sees the end of the connection together with
    /// the request's bytes. So this class reports the end only if the web server has consumed no bytes since the last
    /// read. Of the ways to lose a connection, the web server blames only a reset on the client. So every loss is
    /// reported as a reset, for example that of a client which no longer acknowledges packets.
    /// </summary>
    internal sealed class EndingReader(PipeReader received) : ForwardingReader(received)
    {
        private long _lengthBeforeEnd = -1;

        public override async ValueTask<ReadResult> ReadAsync(CancellationToken cancellationToken = default)
        {
            try
            {
                return WithoutEarlyEnd(await Inner.ReadAsync(cancellationToken));
            }
            catch (SocketException exception)
            {
                throw Lost(exception);
            }
        }

        public override bool TryRead(out ReadResult result)
        {
            try
            {
                var hasRead = Inner.TryRead(out result);
                result = WithoutEarlyEnd(result);
                return hasRead;
            }
            catch (SocketException exception)
            {
                throw Lost(exception);
            }
        }

        private static ConnectionResetException Lost(SocketException exception) => new(exception.Message, exception);

        private ReadResult WithoutEarlyEnd(in ReadResult result)
        {
            if (!result.IsCompleted || result.Buffer.IsEmpty || result.Buffer.Length == _lengthBeforeEnd)
            {
                return result;
            }

            _lengthBeforeEnd = result.Buffer.Length;
            return new ReadResult(result.Buffer, result.IsCanceled, isCompleted: false);
        }
    }
}
