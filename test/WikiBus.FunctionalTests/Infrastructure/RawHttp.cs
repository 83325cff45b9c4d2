using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace WikiBus.FunctionalTests.Infrastructure;

/// <summary>HTTP/1.1 by hand over one connection, for requests that no client library would send.</summary>
internal sealed class RawHttp : IDisposable
{
    private readonly TcpClient _client;
    private readonly NetworkStream _stream;
    private readonly List<byte> _received = [];

    private RawHttp(TcpClient client)
    {
        _client = client;
        _stream = client.GetStream();
    }

    /// <param name="address">The server's address.</param>
    /// <param name="from">The client's address; null lets the system choose.</param>
    public static async Task<RawHttp> ConnectAsync(Uri address, IPAddress? from = null)
    {
        var client = new TcpClient(new IPEndPoint(from ?? IPAddress.Any, 0)) { NoDelay = true };
        await client.ConnectAsync(address.Host, address.Port, TestTime.Token());
        return new RawHttp(client);
    }

    /// <summary>Sends one request on a connection of its own.</summary>
    public static async Task<RawResponse> SendAsync(
        Uri address, string method, string target, IEnumerable<(string Name, string Value)> headers, byte[]? body,
        bool isChunked = false)
    {
        using var http = await ConnectAsync(address);
        await http.WriteAsync(Head(method, target, headers, body, isChunked));
        await http.WriteAsync(isChunked ? Chunked(body ?? []) : body ?? []);
        return await http.ReadResponseAsync(hasNoBody: method == "HEAD");
    }

    public async Task WriteAsync(byte[] bytes) => await _stream.WriteAsync(bytes, TestTime.Token());

    /// <summary>Reads one final response; interim ones are skipped.</summary>
    public async Task<RawResponse> ReadResponseAsync(bool hasNoBody = false)
    {
        while (true)
        {
            var head = await ReadHeadAsync();
            if (head.Status >= 200)
            {
                // A stream has no end, so this reads only its head.
                return head.IsStream ? head : head with { Body = hasNoBody ? [] : await ReadBodyAsync(head) };
            }
        }
    }

    /// <summary>Reads until the server closes the connection, gracefully or not.</summary>
    public async Task<byte[]> ReadToEndAsync()
    {
        try
        {
            while (true)
            {
                await ReceiveAsync();
            }
        }
        catch (IOException)
        {
            return [.. _received];
        }
    }

    /// <summary>Whether the connection ends after the last answer, without more bytes.</summary>
    public async Task<bool> IsClosedAsync()
    {
        if (_received.Count == 0)
        {
            await TryReceiveAsync();
        }

        return _received.Count == 0;
    }

    /// <summary>Reads one final response; null if the connection ended before it began.</summary>
    public async Task<RawResponse?> TryReadResponseAsync(bool hasNoBody = false) =>
        _received.Count > 0 || await TryReceiveAsync() ? await ReadResponseAsync(hasNoBody) : null;

    /// <summary>Half-closes the connection.</summary>
    public void EndSending()
    {
        try
        {
            _client.Client.Shutdown(SocketShutdown.Send);
        }
        catch (SocketException)
        {
            // The server has already closed the connection.
        }
    }

    public void Dispose()
    {
        _stream.Dispose();
        _client.Dispose();
    }

    private static byte[] Head(
        string method, string target, IEnumerable<(string Name, string Value)> headers, byte[]? body, bool isChunked)
    {
        var text = new StringBuilder($"{method} {target} HTTP/1.1\r\nHost: localhost\r\n");
        foreach (var (name, value) in headers)
        {
            text.Append(CultureInfo.InvariantCulture, $"{name}: {value}\r\n");
        }

        text.Append(
            isChunked ? "Transfer-Encoding: chunked\r\n"
            : body is null ? ""
            : string.Create(CultureInfo.InvariantCulture, $"Content-Length: {body.Length}\r\n"));
        return Encoding.Latin1.GetBytes(text.Append("\r\n").ToString());
    }

    private static byte[] Chunked(byte[] body) =>
        [.. Encoding.ASCII.GetBytes($"{body.Length:x}\r\n"), .. body, .. "\r\n0\r\n\r\n"u8];

    private async Task<RawResponse> ReadHeadAsync()
    {
        var statusLine = await ReadLineAsync();
        var parts = statusLine.Split(' ', 3);
        parts.Length.ShouldBeGreaterThanOrEqualTo(2, $"no status line: '{statusLine}'");
        var headers = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        for (var line = await ReadLineAsync(); line.Length > 0; line = await ReadLineAsync())
        {
            var colon = line.IndexOf(':', StringComparison.Ordinal);
            headers[line[..colon]] = line[(colon + 1)..].Trim();
        }

        return new RawResponse(
            int.Parse(parts[1], CultureInfo.InvariantCulture), parts.ElementAtOrDefault(2) ?? "", headers, []);
    }

    private async Task<byte[]> ReadBodyAsync(RawResponse head)
    {
        if (head.Headers.TryGetValue("Content-Length", out var length))
        {
            return await ReadBytesAsync(int.Parse(length, CultureInfo.InvariantCulture));
        }

        return head.Headers.ContainsKey("Transfer-Encoding") ? await ReadChunksAsync() : [];
    }

    private async Task<byte[]> ReadChunksAsync()
    {
        var body = new List<byte>();
        while (true)
        {
            var length = int.Parse(await ReadLineAsync(), NumberStyles.HexNumber, CultureInfo.InvariantCulture);
            body.AddRange(await ReadBytesAsync(length));
            await ReadLineAsync();
            if (length == 0)
            {
                return [.. body];
            }
        }
    }

    private async Task<string> ReadLineAsync()
    {
        var end = _received.IndexOf((byte)'\n');
        while (end < 0)
        {
            await ReceiveAsync();
            end = _received.IndexOf((byte)'\n');
        }

        var line = Encoding.Latin1.GetString([.. _received.Take(end)]).TrimEnd('\r');
        _received.RemoveRange(0, end + 1);
        return line;
    }

    private async Task<byte[]> ReadBytesAsync(int count)
    {
        while (_received.Count < count)
        {
            await ReceiveAsync();
        }

        byte[] bytes = [.. _received.Take(count)];
        _received.RemoveRange(0, count);
        return bytes;
    }

    private async Task ReceiveAsync()
    {
        if (!await TryReceiveAsync())
        {
            throw new EndOfStreamException("The server closed the connection before the end of its response.");
        }
    }

    /// <summary>False at the end of the connection, whether it was closed or reset.</summary>
    private async Task<bool> TryReceiveAsync()
    {
        var buffer = new byte[64 * 1024];
        try
        {
            var count = await _stream.ReadAsync(buffer, TestTime.Token());
            _received.AddRange(buffer.AsSpan(0, count));
            return count > 0;
        }
        catch (IOException exception) when (exception.InnerException is SocketException)
        {
            return false;
        }
    }
}
