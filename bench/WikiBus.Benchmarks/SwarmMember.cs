using System.Buffers.Text;
using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace WikiBus.Benchmarks;

/// <summary>
/// One subscriber on a bare socket. It parses nothing: an event is a <c>~</c>, and the 16 digits after it are the time
/// it was made.
/// </summary>
internal sealed class SwarmMember(IPEndPoint server, string target, LatencyTable? latencies) : IDisposable
{
    private const byte Mark = (byte)'~';
    private const int BufferBytes = 16 << 10;

    private readonly byte[] _buffer = new byte[BufferBytes];
    private long _received;

    public Socket Socket { get; } = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);

    public long Received => Volatile.Read(ref _received);

    /// <summary>Connects and reads until the first line of the stream is there.</summary>
    public void Connect()
    {
        Socket.Connect(server);
        Socket.Send(Encoding.ASCII.GetBytes(
            $"GET {target} HTTP/1.1\r\nHost: {server}\r\nAccept: text/event-stream\r\n\r\n"));
        var head = new StringBuilder();
        while (!head.ToString().Contains("\r\n\r\n", StringComparison.Ordinal))
        {
            var length = Socket.Receive(_buffer);
            head.Append(Encoding.UTF8.GetString(_buffer, 0, length));
            if (length == 0)
            {
                break;
            }
        }

        if (!head.ToString().StartsWith("HTTP/1.1 200", StringComparison.Ordinal))
        {
            throw new InvalidOperationException($"{server}{target} answered: {head}");
        }
    }

    /// <summary>Reads once; false when the server has closed.</summary>
    public bool Read()
    {
        var span = _buffer.AsSpan(0, Socket.Receive(_buffer, SocketFlags.None, out var error));
        if (latencies is not null)
        {
            Note(span, latencies);
        }

        Volatile.Write(ref _received, _received + span.Count(Mark));
        return error == SocketError.Success && span.Length > 0;
    }

    public void Dispose() => Socket.Dispose();

    /// <summary>What stands after the mark: the time of making in ticks of <see cref="Stopwatch"/>.</summary>
    public static string Stamp() => $"~{Stopwatch.GetTimestamp():D16}";

    // An event cut in two by the buffer is left out: some in a thousand, without regard to how long it took.
    private static void Note(ReadOnlySpan<byte> received, LatencyTable latencies)
    {
        var now = Stopwatch.GetTimestamp();
        for (var at = received.IndexOf(Mark); at >= 0; at = received.IndexOf(Mark))
        {
            received = received[(at + 1)..];
            if (received.Length >= 16 && Utf8Parser.TryParse(received[..16], out long made, out _))
            {
                latencies.Add(now - made);
            }
        }
    }
}
