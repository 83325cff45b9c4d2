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
        catch (Exception exception) when (exception is SocketException or ObjectDisposedException)
        {
            return false;
        }
    }

    private sealed record Pipes(PipeReader Input, PipeWriter Output) : IDuplexPipe;

    /// <summary>
    /// What a connection receives. The web server gives a request up when it sees the end of it together with the
    /// request's bytes, so the end is told only when nothing has been taken of the bytes before it since the last read.
    /// Of the ways to lose a connection it knows a reset as the client's doing; others, such as a client that the
    /// system gave up because it acknowledged nothing, would be ours, so they are told as one.
    /// </summary>
    internal sealed class EndingReader(PipeReader received) : ForwardingReader(received)
    {
        private long _lengthBeforeEnd = -1;

        public override async ValueTask<ReadResult> ReadAsync(CancellationToken cancellationToken = default)
        {
            try
            {
                return Told(await Inner.ReadAsync(cancellationToken));
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
                var isThere = Inner.TryRead(out result);
                result = Told(result);
                return isThere;
            }
            catch (SocketException exception)
            {
                throw Lost(exception);
            }
        }

        private static ConnectionResetException Lost(SocketException exception) => new(exception.Message, exception);

        private ReadResult Told(in ReadResult result)
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
