using System.Collections.Concurrent;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using WikiBus.FunctionalTests.Infrastructure;

namespace WikiBus.FunctionalTests.Dream;

/// <summary>The recipients A to F of a scenario. They answer as they did when it was recorded.</summary>
internal sealed class DreamRecipients : IAsyncDisposable
{
    private const string Letters = "ABCDEF";

    private readonly Dictionary<string, ScriptedServer> _servers = new(StringComparer.Ordinal);
    private readonly ConcurrentQueue<ReceivedDelivery> _received = new();
    private readonly Placeholders _placeholders;
    private readonly Lock _lock = new();
    private List<DreamDelivery> _planned = [];
    private int _runningCount;

    private DreamRecipients(Placeholders placeholders) => _placeholders = placeholders;

    /// <summary>What came since <see cref="Plan"/>.</summary>
    public IReadOnlyList<ReceivedDelivery> Received => [.. _received];

    /// <summary>Is no request being answered?</summary>
    public bool IsQuiet => Volatile.Read(ref _runningCount) == 0;

    /// <summary>Starts them, and sets their placeholders.</summary>
    public static async Task<DreamRecipients> StartAsync(Placeholders placeholders)
    {
        var recipients = new DreamRecipients(placeholders);
        foreach (var letter in Letters.Select(static letter => letter.ToString()))
        {
            var server = await ScriptedServer.StartAsync((context, number) =>
                recipients.TakeAsync(letter, context, number));
            recipients._servers.Add(letter, server);
            placeholders[$"REC_{letter}"] = server.Address.ToString().TrimEnd('/');
            placeholders[$"REC_{letter}_HOST"] = server.Address.Authority;
        }

        return recipients;
    }

    /// <summary>Forgets what came, and prepares the answers of a step.</summary>
    public void Plan(IReadOnlyList<DreamDelivery> deliveries)
    {
        lock (_lock)
        {
            _planned = [.. deliveries];
            _received.Clear();
        }
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var server in _servers.Values)
        {
            await server.DisposeAsync();
        }
    }

    private async Task TakeAsync(string letter, HttpContext context, int number)
    {
        Interlocked.Increment(ref _runningCount);
        try
        {
            var request = context.Request;
            var headers = request.Headers.SelectMany(
                static header => header.Value, static (header, value) => (header.Key, value ?? "")).ToList();
            var delivery = new ReceivedDelivery(
                letter, request.Path.Value!, (request.QueryString.Value ?? "").TrimStart('?'), headers,
                _servers[letter].Requests[number - 1].Body);
            JsonElement? answer;
            lock (_lock)
            {
                var index = _planned.FindIndex(planned => planned.Recipient == letter
                    && _placeholders.Clone().Match(planned.Request.Path, delivery.Path));
                answer = index < 0 ? null : _planned[index].Answered;
                _planned.RemoveRange(Math.Max(index, 0), index < 0 ? 0 : 1);
                _received.Enqueue(delivery);
            }

            await AnswerAsync(context, answer);
        }
        finally
        {
            Interlocked.Decrement(ref _runningCount);
        }
    }

    private async Task AnswerAsync(HttpContext context, JsonElement? answer)
    {
        switch (answer?.ValueKind)
        {
            case JsonValueKind.String:
                context.Abort();
                break;
            case JsonValueKind.Number:
                context.Response.StatusCode = answer.Value.GetInt32();
                break;
            case JsonValueKind.Object:
                await AnswerAsync(context, answer.Value);
                break;
            default:
                context.Response.StatusCode = 200;
                break;
        }
    }

    private async Task AnswerAsync(HttpContext context, JsonElement answer)
    {
        if (answer.TryGetProperty("delay", out var delay))
        {
            await Task.Delay(TimeSpan.FromSeconds(delay.GetDouble()), TimeProvider.System, TestTime.Token());
        }

        context.Response.StatusCode = answer.GetProperty("status").GetInt32();
        if (answer.TryGetProperty("headers", out var headers))
        {
            foreach (var header in headers.EnumerateArray())
            {
                context.Response.Headers.Append(
                    header[0].GetString()!, _placeholders.Fill(header[1].GetString()!));
            }
        }

        if (answer.TryGetProperty("body", out var body) && body.GetString() is { Length: > 0 } text)
        {
            await context.Response.WriteAsync(_placeholders.Fill(text), context.RequestAborted);
        }
    }
}
