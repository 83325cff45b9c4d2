using System.Net;
using System.Net.Sockets;
using System.Text;

namespace WikiBus.Producer.Tests.Sending;

/// <summary>A service on 127.0.0.1 that answers each connection with bytes of a test, and then closes it.</summary>
internal sealed class RawService : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _accepting;

    private RawService(Func<NetworkStream, CancellationToken, Task> answer)
    {
        _listener.Start();
        _accepting = AcceptAsync(answer);
    }

    public string Url => $"http://{_listener.LocalEndpoint}/v1/events";

    /// <param name="answer">Writes the answer, after the head of the request was read.</param>
    public static RawService Start(Func<NetworkStream, CancellationToken, Task> answer) => new(answer);

    /// <param name="answer">The answer.</param>
    public static RawService Start(string answer) => Start(
        (stream, cancellation) => stream.WriteAsync(Encoding.Latin1.GetBytes(answer), cancellation).AsTask());

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _accepting.WaitAsync(TestTime.Token());
        _listener.Dispose();
        _stop.Dispose();
    }

    private async Task AcceptAsync(Func<NetworkStream, CancellationToken, Task> answer)
    {
        try
        {
            while (true)
            {
                using var client = await _listener.AcceptTcpClientAsync(_stop.Token);
                await AnswerAsync(client.GetStream(), answer);
            }
        }
        catch (OperationCanceledException)
        {
            // The test has ended.
        }
    }

    private async Task AnswerAsync(NetworkStream stream, Func<NetworkStream, CancellationToken, Task> answer)
    {
        try
        {
            var read = new byte[64 << 10];
            var request = "";
            while (!request.Contains("\r\n\r\n", StringComparison.Ordinal))
            {
                request += Encoding.Latin1.GetString(read, 0, await stream.ReadAsync(read, _stop.Token));
            }

            await answer(stream, _stop.Token);
        }
        catch (IOException)
        {
            // The producer has closed the connection.
        }
    }
}
