using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using System.Text;
using Npgsql;

namespace WikiBus.Producer.Tests.Outbox;

/// <summary>Stands between one connection and its PostgreSQL server, and notes what the client asks for.</summary>
internal sealed class PostgreSqlProxy : IAsyncDisposable
{
    private const int HeaderLength = 5;
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly TcpClient _server = new();
    private readonly MemoryStream _sent = new();
    private readonly Lock _lock = new();
    private readonly Task _work;
    private TcpClient? _client;
    private bool _isClientsTurn;
    private int _roundTrips;

    public PostgreSqlProxy(string connectionString)
    {
        _listener.Start();
        var settings = new NpgsqlConnectionStringBuilder(connectionString);
        _work = PumpAsync(settings.Host!, settings.Port);
        settings.Port = ((IPEndPoint)_listener.LocalEndpoint).Port;
        ConnectionString = settings.ConnectionString;
    }

    public string ConnectionString { get; }

    /// <summary>Forgets what it noted, and notes what the client asks for in <paramref name="work"/>.</summary>
    /// <returns>The statements, and how often the client waited for the server.</returns>
    public async Task<(List<string> Statements, int RoundTrips)> RecordAsync(Func<Task> work)
    {
        lock (_lock)
        {
            _sent.SetLength(0);
            (_isClientsTurn, _roundTrips) = (true, 0);
        }

        await work();
        lock (_lock)
        {
            return ([.. Statements(_sent.ToArray())], _roundTrips);
        }
    }

    public async ValueTask DisposeAsync()
    {
        _client?.Dispose();
        _server.Dispose();
        _listener.Dispose();
        await _work.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    // A simple query and "Parse" have the text of a statement. Each message has a letter, and its length.
    private static IEnumerable<string> Statements(byte[] bytes)
    {
        for (var start = 0; start < bytes.Length;)
        {
            var length = BinaryPrimitives.ReadInt32BigEndian(bytes.AsSpan(start + 1)) + 1;
            var texts = Encoding.UTF8.GetString(bytes, start + HeaderLength, length - HeaderLength).Split('\0');
            switch ((char)bytes[start])
            {
                case 'Q':
                    yield return texts[0];
                    break;
                case 'P':
                    yield return texts[1];
                    break;
                default:
                    break;
            }

            start += length;
        }
    }

    private async Task PumpAsync(string host, int port)
    {
        _client = await _listener.AcceptTcpClientAsync(TestTime.Token());
        await _server.ConnectAsync(host, port, TestTime.Token());
        await Task.WhenAny(
            CopyAsync(_client.GetStream(), _server.GetStream(), NoteClient),
            CopyAsync(_server.GetStream(), _client.GetStream(), _ => NoteServer()));
    }

    private static async Task CopyAsync(NetworkStream from, NetworkStream to, Action<ReadOnlyMemory<byte>> note)
    {
        var buffer = new byte[1 << 16];
        while (await from.ReadAsync(buffer, TestTime.Token()) is var count and > 0)
        {
            note(buffer.AsMemory(0, count));
            await to.WriteAsync(buffer.AsMemory(0, count), TestTime.Token());
        }
    }

    private void NoteClient(ReadOnlyMemory<byte> bytes)
    {
        lock (_lock)
        {
            _sent.Write(bytes.Span);
            _roundTrips += _isClientsTurn ? 1 : 0;
            _isClientsTurn = false;
        }
    }

    private void NoteServer()
    {
        lock (_lock)
        {
            _isClientsTurn = true;
        }
    }
}
