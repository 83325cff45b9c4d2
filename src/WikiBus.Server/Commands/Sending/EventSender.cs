using System.Globalization;
using System.Net.Http.Headers;
using System.Net;
using WikiBus.Server.Commands.Client;
using WikiBus.Server.Http;

namespace WikiBus.Server.Commands.Sending;

/// <summary>
/// Posts events in requests of at most 1 MiB; a larger event gets a request of its own. Repeats a request that may not
/// be stored, which is safe: the server recognises events by their id.
/// </summary>
internal sealed class EventSender(BusClient client, bool isHasty, int requestEventsMax, TimeProvider time)
{
    private const int RequestBytesMax = 1 << 20;
    private const int AttemptsMax = 12;
    private static readonly BackOff s_backOff = new(TimeSpan.FromMilliseconds(500), TimeSpan.FromSeconds(15));

    private readonly List<PostedEvent> _batch = [];
    private int _batchBytes;
    private bool _hasBeenAnswered;

    /// <summary>Events that the server has accepted.</summary>
    public long Accepted { get; private set; }

    /// <summary>Events that the server has refused.</summary>
    public long Refused { get; private set; }

    /// <summary>Accepted events that the server had already.</summary>
    public long Duplicates { get; private set; }

    /// <summary>The first event that waits for the server's answer; null if none does.</summary>
    public PostedEvent? FirstPending => _batch.FirstOrDefault();

    public async Task AddAsync(PostedEvent posted, CancellationToken cancellationToken)
    {
        var bytes = posted.Json.Length + 1;
        if (_batch.Count > 0 && (_batchBytes + bytes >= RequestBytesMax || _batch.Count >= requestEventsMax))
        {
            await FlushAsync(cancellationToken);
        }

        _batch.Add(posted);
        _batchBytes += bytes;
    }

    /// <summary>Sends the events that wait, and reads the server's answer.</summary>
    public async Task FlushAsync(CancellationToken cancellationToken)
    {
        if (_batch.Count == 0)
        {
            return;
        }

        for (var attempt = 1; ; attempt++)
        {
            var retryAfter = await TrySendAsync(attempt, cancellationToken);
            if (retryAfter is not { } delay)
            {
                break;
            }

            await Task.Delay(delay, time, cancellationToken);
        }

        _batch.Clear();
        _batchBytes = 0;
    }

    /// <summary>Null when the request is settled, else how long to wait before it is repeated.</summary>
    private async Task<TimeSpan?> TrySendAsync(int attempt, CancellationToken cancellationToken)
    {
        try
        {
            using var request = Request();
            using var response = await client.SendAsync(request, cancellationToken);
            _hasBeenAnswered = true;
            if (response.StatusCode is HttpStatusCode.ServiceUnavailable or HttpStatusCode.TooManyRequests)
            {
                return attempt < AttemptsMax
                    ? s_backOff.Delay(attempt - 1, response.Headers.RetryAfter?.Delta ?? TimeSpan.Zero)
                    : throw new CommandFault(await client.ExplainAsync(response, cancellationToken));
            }

            await SettleAsync(response, cancellationToken);
            return null;
        }
        catch (HttpRequestException exception)
        {
            // A server that never answered is probably not running; one that did answer is probably restarting.
            return _hasBeenAnswered && attempt < AttemptsMax
                ? s_backOff.Delay(attempt - 1)
                : throw client.Unreachable(exception);
        }
    }

    private HttpRequestMessage Request()
    {
        var body = new MemoryStream(_batchBytes + 2);
        body.WriteByte((byte)'[');
        foreach (var posted in _batch)
        {
            if (body.Length > 1)
            {
                body.WriteByte((byte)',');
            }

            body.Write(posted.Json);
        }

        body.WriteByte((byte)']');
        var content = new ByteArrayContent(body.GetBuffer(), 0, (int)body.Length);
        content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        var target = isHasty ? "v1/events?hasty=true" : "v1/events";
        return new HttpRequestMessage(HttpMethod.Post, target) { Content = content };
    }

    private async Task SettleAsync(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        var refused = 0;
        if ((int)response.StatusCode is 207 or 400 or 500)
        {
            await response.Content.LoadIntoBufferAsync(cancellationToken);
            var body = await response.Content.ReadAsByteArrayAsync(cancellationToken);
            foreach (var line in RefusalReport.Lines(body, _batch))
            {
                Terminal.Say(line);
                refused++;
            }
        }

        if (!response.IsSuccessStatusCode && refused == 0)
        {
            var hint = response.StatusCode == HttpStatusCode.RequestEntityTooLarge
                ? " Send fewer events in a request (--batch), or let the server take more." : "";
            throw new CommandFault(await client.ExplainAsync(response, cancellationToken) + hint);
        }

        Duplicates += response.Headers.TryGetValues(OwnHeaders.Duplicates, out var values)
            && int.TryParse(values.First(), NumberStyles.None, CultureInfo.InvariantCulture, out var duplicates)
            ? duplicates : 0;
        Refused += refused;
        Accepted += _batch.Count - refused;
    }
}
