using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace WikiBus.Schemas.Tests.Sources;

/// <summary>
/// A server of schemas on the loopback interface whose answers a test chooses; it closes each connection after its
/// answer.
/// </summary>
internal sealed class FakeSchemaServer : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stopping = new();
    private readonly Task _serving;

    public FakeSchemaServer()
    {
        _listener.Start();
        Url = $"http://127.0.0.1:{((IPEndPoint)_listener.LocalEndpoint).Port}";
        _serving = ServeAsync();
    }

    public string Url { get; }

    /// <summary>
    /// Whole answers by path, byte for byte. A path without an answer gets 404; an empty answer is never sent.
    /// </summary>
    public ConcurrentDictionary<string, string> Answers { get; } = new();

    /// <summary>The requested paths, in order.</summary>
    public ConcurrentQueue<string> Requests { get; } = new();

    public void Give(string path, string text) =>
        Answers[path] =
            $"HTTP/1.1 200 OK\r\nContent-Length: {Encoding.UTF8.GetByteCount(text)}\r\nConnection: close\r\n\r\n{text}";

    /// <summary>Stops the server; a test may do so at any time.</summary>
    public async ValueTask DisposeAsync()
    {
        if (_serving.IsCompleted)
        {
            return;
        }

        await _stopping.CancelAsync();
        _listener.Dispose();
        await _serving;
        _stopping.Dispose();
    }

    private async Task ServeAsync()
    {
        try
        {
            while (true)
            {
                _ = AnswerAsync(await _listener.AcceptTcpClientAsync(_stopping.Token));
            }
        }
        catch (Exception exception) when (exception is OperationCanceledException or SocketException)
        {
            // Disposed.
        }
    }

    private async Task AnswerAsync(TcpClient client)
    {
        using (client)
        {
            try
            {
                using var reader = new StreamReader(client.GetStream());
                var path = (await reader.ReadLineAsync(_stopping.Token))!.Split(' ')[1];
                while (await reader.ReadLineAsync(_stopping.Token) is { Length: > 0 })
                {
                    // The headers do not matter.
                }
                Requests.Enqueue(path);
                var answer = Answers.GetValueOrDefault(
                    path, "HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\nConnection: close\r\n\r\n");
                if (answer.Length == 0)
                {
                    await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, _stopping.Token);
                }

                await client.GetStream().WriteAsync(Encoding.UTF8.GetBytes(answer), _stopping.Token);
            }
            catch (Exception exception) when (exception is OperationCanceledException or IOException)
            {
                // The client or the test has ended.
            }
        }
    }
}
