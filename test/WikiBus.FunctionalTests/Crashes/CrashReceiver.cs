using System.Collections.Concurrent;
using System.Globalization;
using Microsoft.AspNetCore.Http;
using WikiBus.FunctionalTests.Infrastructure;

namespace WikiBus.FunctionalTests.Crashes;

/// <summary>
/// Recipients of a crash test, one for each path. In its first life, a record is answered by the path's own behaviour;
/// when it comes again, with 200.
/// </summary>
internal sealed class CrashReceiver : IAsyncDisposable
{
    /// <summary>The behaviours, which are the paths.</summary>
    public static readonly string[] Behaviours = ["ok", "fails", "late", "gone", "hangs-up"];

    private readonly ConcurrentDictionary<(string Path, long Position), bool> _seen = [];
    private readonly ConcurrentQueue<CrashArrival> _arrivals = [];
    private readonly Random _random;
    private ScriptedServer? _server;

    private CrashReceiver(Random random) => _random = random;

    /// <summary>Whether records are answered badly.</summary>
    public bool IsBad { get; set; } = true;

    /// <summary>All requests that were answered, in the order of the answers.</summary>
    public IReadOnlyList<CrashArrival> Arrivals => [.. _arrivals];

    public static async Task<CrashReceiver> StartAsync(Random random)
    {
        var receiver = new CrashReceiver(random);
        receiver._server = await ScriptedServer.StartAsync((context, _) => receiver.AnswerAsync(context));
        return receiver;
    }

    public string UrlOf(string behaviour) => new Uri(_server!.Address, behaviour).ToString();

    public ValueTask DisposeAsync() => _server!.DisposeAsync();

    private async Task AnswerAsync(HttpContext context)
    {
        var path = context.Request.Path.ToString().TrimStart('/');
        var position = long.Parse(context.Request.Headers["wikibus-position"].ToString(), CultureInfo.InvariantCulture);
        var isFirst = _seen.TryAdd((path, position), true);
        bool isBad;
        lock (_random)
        {
            isBad = IsBad && isFirst && _random.Next(20) == 0;
        }

        var status = !isBad ? 200 : path switch { "fails" => 500, "gone" => 410, "hangs-up" => 0, _ => 200 };
        if (isBad && path == "late")
        {
            // Longer than the time-out of the subscription: the bus does not see the answer.
            await Task.Delay(TimeSpan.FromMilliseconds(700), TimeProvider.System);
            status = 0;
        }

        _arrivals.Enqueue(new CrashArrival(
            path, position, context.Request.Headers["webhook-id"].ToString(),
            context.Request.Headers["wikibus-event-id"].ToString(), status, TimeProvider.System.GetTimestamp()));
        if (status == 0)
        {
            context.Abort();
            return;
        }

        context.Response.StatusCode = status;
    }
}
