using System.Net.Sockets;
using System.Text;

namespace WikiBus.Benchmarks;

/// <summary>
/// Replays a stream as fast as it can, from the beginning again when it has read it, until it is disposed.
/// </summary>
internal sealed class ReplayReader : IDisposable
{
    private const string Target = "/v2/stream/mediawiki.recentchange?since=2020-01-01";

    private readonly Uri _server;
    private readonly Thread _thread;
    private volatile bool _isStopping;
    private long _bytes;

    public ReplayReader(Uri server)
    {
        _server = server;
        _thread = new Thread(Run) { IsBackground = true, Name = "replay" };
        _thread.Start();
    }

    /// <summary>Bytes received so far.</summary>
    public long Bytes => Interlocked.Read(ref _bytes);

    public void Dispose()
    {
        _isStopping = true;
        _thread.Join();
    }

    private void Run()
    {
        var buffer = new byte[256 * 1024];
        while (!_isStopping)
        {
            using var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { ReceiveTimeout = 1000 };
            socket.Connect(_server.Host, _server.Port);
            var until = DateTimeOffset.UtcNow.AddSeconds(-5).ToUnixTimeMilliseconds();
            socket.Send(Encoding.ASCII.GetBytes(
                $"GET {Target}&until={until} HTTP/1.0\r\nHost: {_server.Host}\r\n\r\n"));
            ReadAll(socket, buffer);
        }
    }

    private void ReadAll(Socket socket, byte[] buffer)
    {
        while (!_isStopping)
        {
            try
            {
                var count = socket.Receive(buffer);
                if (count == 0)
                {
                    return;
                }

                Interlocked.Add(ref _bytes, count);
            }
            catch (SocketException exception)
                when (exception.SocketErrorCode is SocketError.TimedOut or SocketError.WouldBlock)
            {
                // A server that stalls: wait on, or stop.
            }
        }
    }
}
