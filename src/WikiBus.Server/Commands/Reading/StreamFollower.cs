using System.Net.ServerSentEvents;
using System.Net;
using System.Text;
using WikiBus.Server.Commands.Client;

namespace WikiBus.Server.Commands.Reading;

/// <summary>
/// Reads streams and writes each event's JSON as a line. After a lost connection it resumes by the last id, so no event
/// is missed or written twice.
/// </summary>
internal sealed class StreamFollower(BusClient client, string target, TimeProvider time)
{
    private const int AttemptsMax = 30;
    private static readonly BackOff s_backOff = new(TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(30));

    private string _lastId = "";
    private bool _hasBeenAnswered;
    private long _count;

    /// <summary>It ends after this number of events.</summary>
    public long CountMax { get; init; } = long.MaxValue;

    /// <summary>Reads until the streams end, the count is reached, or the reader of the output has gone.</summary>
    /// <exception cref="CommandFault">The server refused, or failed to answer too often.</exception>
    public async Task RunAsync(Stream output, CancellationToken cancellationToken)
    {
        try
        {
            await FollowAsync(output, cancellationToken);
        }
        catch (ReaderGoneException)
        {
            // The reader of the output (head, less) has had enough. That is a success.
        }
    }

    private async Task FollowAsync(Stream output, CancellationToken cancellationToken)
    {
        for (var failures = 0; _count < CountMax;)
        {
            try
            {
                if (await ReadOnceAsync(output, cancellationToken))
                {
                    return;
                }

                failures = 0;
            }
            catch (Exception exception) when (exception is HttpRequestException or IOException)
            {
                if (!_hasBeenAnswered || ++failures > AttemptsMax)
                {
                    throw exception is HttpRequestException request
                        ? client.Unreachable(request)
                        : new CommandFault(exception.Message);
                }
            }

            await FlushAsync(output, cancellationToken);
            await Task.Delay(s_backOff.Delay(failures), time, cancellationToken);
        }
    }

    /// <summary>Reads one connection until it ends. True when no more events can follow.</summary>
    private async Task<bool> ReadOnceAsync(Stream output, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, target);
        request.Headers.Accept.ParseAdd("text/event-stream");
        if (_lastId.Length > 0)
        {
            request.Headers.TryAddWithoutValidation("Last-Event-ID", _lastId);
        }

        using var response = await client.SendAsync(request, cancellationToken);
        if (response.StatusCode == HttpStatusCode.NoContent)
        {
            return true;
        }

        if (!response.IsSuccessStatusCode)
        {
            var explanation = await client.ExplainAsync(response, cancellationToken);
            return (int)response.StatusCode is 429 or >= 500 && _hasBeenAnswered
                ? throw new IOException(explanation)
                : throw new CommandFault(explanation);
        }

        _hasBeenAnswered = true;
        await using var body = await response.Content.ReadAsStreamAsync(cancellationToken);
        return await CopyAsync(body, output, cancellationToken);
    }

    private async Task<bool> CopyAsync(Stream body, Stream output, CancellationToken cancellationToken)
    {
        var parser = SseParser.Create(body, static (_, data) => data.ToArray());
        await using var events = parser.EnumerateAsync(cancellationToken).GetAsyncEnumerator(cancellationToken);
        try
        {
            while (_count < CountMax)
            {
                var next = events.MoveNextAsync();
                if (!next.IsCompleted)
                {
                    await FlushAsync(output, cancellationToken);
                }

                if (!await next)
                {
                    return false;
                }

                await TakeAsync(events.Current, output, cancellationToken);
            }

            await FlushAsync(output, cancellationToken);
            return true;
        }
        finally
        {
            // Heartbeats, blocks without data, move the id too.
            _lastId = parser.LastEventId;
        }
    }

    private async Task TakeAsync(SseItem<byte[]> item, Stream output, CancellationToken cancellationToken)
    {
        if (item.EventType == SseParser.EventTypeDefault)
        {
            await WriteAsync(output, WriteLineAsync, item.Data, cancellationToken);
            _count++;
        }
        else
        {
            Terminal.Say($"{item.EventType}: {Encoding.UTF8.GetString(item.Data)}");
        }
    }

    private static Task FlushAsync(Stream output, CancellationToken cancellationToken) =>
        WriteAsync(output, static (target, _, token) => target.FlushAsync(token), [], cancellationToken);

    private static async Task WriteLineAsync(Stream output, byte[] line, CancellationToken cancellationToken)
    {
        await output.WriteAsync(line, cancellationToken);
        output.WriteByte((byte)'\n');
    }

    private static async Task WriteAsync(
        Stream output, Func<Stream, byte[], CancellationToken, Task> write, byte[] line,
        CancellationToken cancellationToken)
    {
        try
        {
            await write(output, line, cancellationToken);
        }
        catch (IOException exception)
        {
            throw new ReaderGoneException(exception);
        }
    }

    /// <summary>The reader of our output has gone.</summary>
    private sealed class ReaderGoneException(IOException exception) : Exception(exception.Message, exception);
}
