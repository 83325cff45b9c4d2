using System.Globalization;
using Microsoft.AspNetCore.Http;
using WikiBus.FunctionalTests.Infrastructure;
using WikiBus.FunctionalTests.Streaming;

namespace WikiBus.FunctionalTests.Webhooks;

/// <summary>
/// A subscription of the key alice with ten records: record 0 waits for its next try, the requests of 1 and 2 run until
/// they are released, and 3 to 9 are queued.
/// </summary>
internal sealed class BusySubscription : IAsyncDisposable
{
    public const string Id = "busy";

    private const int RecordCount = 10;

    private static readonly TimeSpan s_step = TimeSpan.FromSeconds(1);

    private readonly TaskCompletionSource<int> _first = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource<int> _second = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly MovedClock _clock = new();
    private RunningServer? _server;
    private WebhookReceiver? _receiver;

    public RunningServer Server => _server!;

    public WebhookReceiver Receiver => _receiver!;

    /// <summary>The key alice.</summary>
    public string Key { get; private set; } = "";

    public static async Task<BusySubscription> StartAsync()
    {
        var busy = new BusySubscription();
        busy._server = await busy._clock.StartServerAsync();
        busy._receiver = await WebhookReceiver.StartAsync(busy.AnswerAsync);
        busy.Key = await SubscriptionApi.SubscriberAsync(busy.Server, "alice");
        await SubscriptionApi.CreateAsync(busy.Server, busy.Receiver.Url, busy.Body(), busy.Key);
        await TestEvents.AppendAsync(busy.Server, "a.event", [.. Enumerable.Range(0, RecordCount)]);
        await busy.Receiver.WaitAsync(3);
        await SubscriptionApi.WaitAsync(
            busy.Server, Id, static one => one.GetProperty("waiting").GetInt32() == 1);
        return busy;
    }

    /// <summary>The members of the subscription, and others.</summary>
    public string Body(string? more = null) =>
        $$"""{"id":"{{Id}}","concurrency":2,"timeout":"10 min","streams":["a.*"]{{more}}}""";

    /// <summary>Lets the two requests end with this status.</summary>
    public void Release(int status)
    {
        ReleaseFirst(status);
        ReleaseSecond(status);
    }

    public void ReleaseFirst(int status) => _first.TrySetResult(status);

    public void ReleaseSecond(int status) => _second.TrySetResult(status);

    /// <summary>Waits until the two requests have ended.</summary>
    public async Task RequestsEndAsync()
    {
        await _clock.UntilAsync(TimeSpan.FromMilliseconds(20), async () =>
        {
            var tries = await SubscriptionApi.CallAsync(Server, HttpMethod.Get, $"/{Id}/deliveries", 200);
            return tries.GetProperty("items").GetArrayLength() == 3;
        });
    }

    /// <summary>Sees that nothing is sent for a minute.</summary>
    public async Task StandsStillAsync()
    {
        var until = _clock.Now.AddMinutes(1);
        await _clock.UntilAsync(s_step, () => Task.FromResult(_clock.Now >= until));
        Receiver.Received.Count.ShouldBe(3);
    }

    /// <summary>Waits until everything is delivered: each record once, beside the requests that failed.</summary>
    public async Task EndsAsync(int failures)
    {
        await _clock.UntilAsync(s_step, Server, Id, static one =>
            one.GetProperty("lag").GetInt64() == 0 && one.GetProperty("waiting").GetInt32() == 0);
        var offsets = Receiver.Received.Select(static one => one["wikibus-offset"]).ToList();
        offsets.Distinct().Order().ShouldBe(Enumerable.Range(0, RecordCount).Select(static n => $"{n}"));
        offsets.Count.ShouldBe(RecordCount + failures);
    }

    public async ValueTask DisposeAsync()
    {
        Release(204);
        await _clock.DisposeAsync(Server);
        await Receiver.DisposeAsync();
    }

    private async Task AnswerAsync(HttpContext context, int number)
    {
        var offset = int.Parse(context.Request.Headers["wikibus-offset"]!, CultureInfo.InvariantCulture);
        var isFirst = context.Request.Headers["wikibus-attempt"] == "1";
        context.Response.StatusCode = (offset, isFirst) switch
        {
            (0, true) => 500,
            (1, true) => await _first.Task,
            (2, true) => await _second.Task,
            _ => 204,
        };
    }
}
