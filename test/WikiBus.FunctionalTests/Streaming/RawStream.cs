using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;
using WikiBus.FunctionalTests.Infrastructure;

namespace WikiBus.FunctionalTests.Streaming;

/// <summary>A client of a stream over a bare socket, so that tests see every byte as it was sent.</summary>
internal sealed class RawStream : IAsyncDisposable
{
    private readonly TcpClient _client;
    private readonly byte[] _buffer = new byte[16 * 1024];
    private string _body = "";
    private int _bodyAt;
    private readonly Decoder _decoder = Encoding.UTF8.GetDecoder();
    private NetworkStream? _stream;
    private int _at;
    private int _filled;
    private bool _isChunked;

    private RawStream(IPAddress source) => _client = new TcpClient(new IPEndPoint(source, 0));

    public string StatusLine { get; private set; } = "";

    public int Status => int.Parse(StatusLine.Split(' ')[1], CultureInfo.InvariantCulture);

    /// <summary>Header lines in lower-case names, joined where repeated.</summary>
    public Dictionary<string, string> Headers { get; } = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>True when the body has ended.</summary>
    public bool IsAtEnd { get; private set; }

    /// <summary>Sends a GET and reads the answer's headers. A header is given as <c>Name: value</c>.</summary>
    public static Task<RawStream> GetAsync(Uri address, string target, params string[] headers) =>
        SendAsync(address, "GET", target, headers);

    /// <summary>The same from another loopback address: Linux has all of 127.0.0.0/8.</summary>
    public static Task<RawStream> GetFromAsync(IPAddress source, Uri address, string target, params string[] headers) =>
        SendAsync(new RawStream(source), address, "GET", target, headers);

    public static Task<RawStream> SendAsync(Uri address, string method, string target, params string[] headers) =>
        SendAsync(new RawStream(IPAddress.Any), address, method, target, headers);

    private static async Task<RawStream> SendAsync(
        RawStream stream, Uri address, string method, string target, string[] headers)
    {
        await stream._client.ConnectAsync(address.Host, address.Port).WaitAsync(TestTime.Limit);
        stream._stream = stream._client.GetStream();
        string[] lines = [$"{method} {target} HTTP/1.1", $"Host: {address.Authority}", .. headers, "", ""];
        await stream._stream.WriteAsync(Encoding.UTF8.GetBytes(string.Join("\r\n", lines)));
        await stream.ReadHeadAsync();
        return stream;
    }

    /// <summary>Opens an event stream and reads its prelude.</summary>
    public static async Task<RawStream> OpenAsync(Uri address, string target, params string[] headers)
    {
        var stream = await GetAsync(address, target, ["Accept: text/event-stream", .. headers]);
        stream.StatusLine.ShouldBe("HTTP/1.1 200 OK");
        (await stream.ReadBlockAsync()).Raw.ShouldBe(":ok");
        return stream;
    }

    /// <summary>The next block, whatever it is.</summary>
    public async Task<SseBlock> ReadBlockAsync() => new(await ReadUntilAsync("\n\n"));

    /// <summary>The next block with data.</summary>
    public async Task<SseBlock> ReadEventAsync()
    {
        while (true)
        {
            var block = await ReadBlockAsync();
            if (block.Data is not null)
            {
                return block;
            }
        }
    }

    /// <summary>The next line.</summary>
    public Task<string> ReadLineAsync() => ReadUntilAsync("\n");

    /// <summary>The rest of the body.</summary>
    public async Task<string> ReadToEndAsync()
    {
        if (!_isChunked && Headers.TryGetValue("content-length", out var length))
        {
            return Encoding.UTF8.GetString(await ReadBytesAsync(int.Parse(length, CultureInfo.InvariantCulture)));
        }

        while (!IsAtEnd)
        {
            await ReadChunkAsync();
        }

        return _body[_bodyAt..];
    }

    /// <summary>Ends the sending, and still listens.</summary>
    public void EndSending() => _client.Client.Shutdown(SocketShutdown.Send);

    public ValueTask DisposeAsync()
    {
        _client.Dispose();
        return ValueTask.CompletedTask;
    }

    private async Task<string> ReadUntilAsync(string end)
    {
        int found;
        while ((found = _body.IndexOf(end, _bodyAt, StringComparison.Ordinal)) < 0)
        {
            IsAtEnd.ShouldBeFalse($"The stream ended; left of it: {_body[_bodyAt..]}");
            await ReadChunkAsync();
        }

        var text = _body[_bodyAt..found];
        _bodyAt = found + end.Length;
        return text;
    }

    private async Task ReadHeadAsync()
    {
        StatusLine = await ReadHeadLineAsync();
        while (await ReadHeadLineAsync() is { Length: > 0 } line)
        {
            var colon = line.IndexOf(':', StringComparison.Ordinal);
            Headers.Add(line[..colon], line[(colon + 1)..].Trim());
        }

        _isChunked = Headers.GetValueOrDefault("transfer-encoding") == "chunked";
        IsAtEnd = !_isChunked;
    }

    private async Task ReadChunkAsync()
    {
        var length = int.Parse(await ReadHeadLineAsync(), NumberStyles.HexNumber, CultureInfo.InvariantCulture);
        var chunk = await ReadBytesAsync(length);
        (await ReadHeadLineAsync()).ShouldBeEmpty();
        var characters = new char[length];
        var count = _decoder.GetChars(chunk, characters, flush: length == 0);
        _body = string.Concat(_body.AsSpan(_bodyAt), characters.AsSpan(0, count));
        _bodyAt = 0;
        IsAtEnd = length == 0;
    }

    private async Task<byte[]> ReadBytesAsync(int length)
    {
        var bytes = new byte[length];
        for (var filled = 0; filled < length;)
        {
            await FillAsync();
            var count = Math.Min(length - filled, _filled - _at);
            _buffer.AsSpan(_at, count).CopyTo(bytes.AsSpan(filled));
            _at += count;
            filled += count;
        }

        return bytes;
    }

    private async Task<string> ReadHeadLineAsync()
    {
        var line = new StringBuilder();
        while (true)
        {
            var letter = await ReadByteAsync();
            if (letter == '\n')
            {
                return line.ToString();
            }

            if (letter != '\r')
            {
                line.Append((char)letter);
            }
        }
    }

    private async ValueTask<int> ReadByteAsync()
    {
        await FillAsync();
        return _buffer[_at++];
    }

    /// <summary>Makes sure that the buffer has a byte.</summary>
    private async ValueTask FillAsync()
    {
        if (_at == _filled)
        {
            _at = 0;
            _filled = await _stream!.ReadAsync(_buffer).AsTask().WaitAsync(TestTime.Limit);
            if (_filled == 0)
            {
                throw new EndOfStreamException($"The connection closed; left of the body: {_body[_bodyAt..]}");
            }
        }
    }
}
