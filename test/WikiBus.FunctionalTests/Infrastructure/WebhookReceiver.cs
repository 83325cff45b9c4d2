using System.Collections.Concurrent;
using System.Globalization;
using Microsoft.AspNetCore.Http;

namespace WikiBus.FunctionalTests.Infrastructure;

/// <summary>A recipient of webhooks. It keeps every request, and answers as the test says.</summary>
internal sealed class WebhookReceiver : IAsyncDisposable
{
    private readonly ConcurrentQueue<ReceivedWebhook> _received = new();
    private readonly SemaphoreSlim _arrivals = new(0);
    private readonly ScriptedServer _server;

    private WebhookReceiver(ScriptedServer server, ConcurrentQueue<ReceivedWebhook> received, SemaphoreSlim arrivals)
    {
        _server = server;
        _received = received;
        _arrivals = arrivals;
    }

    public string Url => new Uri(_server.Address, "/hook").ToString();

    /// <summary>What came, in the order of arrival.</summary>
    public IReadOnlyList<ReceivedWebhook> Received => [.. _received];

    /// <param name="answer">Answers a request, given its number from 1; null: 204 to all.</param>
    public static async Task<WebhookReceiver> StartAsync(Func<HttpContext, int, Task>? answer = null)
    {
        var received = new ConcurrentQueue<ReceivedWebhook>();
        var arrivals = new SemaphoreSlim(0);
        ScriptedServer? server = null;
        server = await ScriptedServer.StartAsync(async (context, number) =>
        {
            var headers = context.Request.Headers.ToDictionary(
                static header => header.Key.ToLowerInvariant(), static header => header.Value.ToString());
            received.Enqueue(new ReceivedWebhook(headers, server!.Requests[number - 1].Body));
            arrivals.Release();
            context.Response.StatusCode = 204;
            await (answer?.Invoke(context, number) ?? Task.CompletedTask);
        });
        return new WebhookReceiver(server, received, arrivals);
    }

    /// <summary>Waits until so many requests have come in all.</summary>
    public async Task<IReadOnlyList<ReceivedWebhook>> WaitAsync(int count)
    {
        var limit = TestTime.Token();
        while (_received.Count < count)
        {
            await _arrivals.WaitAsync(limit);
        }

        return Received;
    }

    public async ValueTask DisposeAsync()
    {
        await _server.DisposeAsync();
        _arrivals.Dispose();
    }
}

/// <summary>A request that came to a webhook.</summary>
/// <param name="Headers">By names in small letters.</param>
/// <param name="Body">The body's bytes.</param>
internal sealed record ReceivedWebhook(IReadOnlyDictionary<string, string> Headers, byte[] Body)
{
    public string this[string header] => Headers[header];

    public int Position => int.Parse(Headers["wikibus-position"], CultureInfo.InvariantCulture);
}
