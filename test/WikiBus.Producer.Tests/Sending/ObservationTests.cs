using System.Diagnostics;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace WikiBus.Producer.Tests.Sending;

/// <summary>Health, metrics, traces and logs.</summary>
public sealed class ObservationTests
{
    [Fact]
    public async Task Health_IsDegradedWhileTheLastPostFailed()
    {
        var status = 500;
        await using var service = await StubService.StartAsync(context =>
        {
            context.Response.StatusCode = status;
            return Task.CompletedTask;
        });
        await using var producer = await StartAsync(service.Url);
        (await HealthAsync(producer)).Status.ShouldBe(HealthStatus.Healthy);

        await producer.Sender.SendAsync([TestProducer.Event()], TestTime.Token());
        var report = await HealthAsync(producer);
        report.Status.ShouldBe(HealthStatus.Degraded);
        report.Entries["wikibus_producer"].Description.ShouldBe("eventbus: 500: Internal Server Error");

        status = 201;
        await producer.Sender.SendAsync([TestProducer.Event()], TestTime.Token());
        (await HealthAsync(producer)).Status.ShouldBe(HealthStatus.Healthy);
    }

    [Fact]
    public async Task Health_IsDegradedWhileAQueueIsOverHalfFull()
    {
        await using var service = await StubService.StartHangingAsync();
        await using var producer = await StartAsync(service.Url, options => options.QueueBytesMax = 7);

        producer.Sender.Enqueue([TestProducer.Event(text: "1")]);
        (await HealthAsync(producer)).Status.ShouldBe(HealthStatus.Healthy);

        producer.Sender.Enqueue([TestProducer.Event(text: "2")]);
        var report = await HealthAsync(producer);
        report.Status.ShouldBe(HealthStatus.Degraded);
        report.Entries["wikibus_producer"].Description.ShouldBe("The queue of a service is over half full.");
    }

    [Fact]
    public async Task Metrics_CountEvents()
    {
        await using var service = await StubService.StartAsync(207, """{"invalid":[{"event":{}}]}""");
        using var metrics = new TestMetrics();
        await using var producer = await StartAsync(
            service.Url, options => options.EnabledKinds = Events.MediaWiki.EventKinds.Event, metrics.Register);

        await producer.Sender.SendAsync(
            [
                TestProducer.Event(), TestProducer.Event(), TestProducer.Event(),
                TestProducer.Event(kind: Events.MediaWiki.EventKinds.Job),
            ],
            TestTime.Token());

        metrics.Sum("wikibus.producer.outgoing", "service", "eventbus").ShouldBe(3);
        metrics.Sum("wikibus.producer.accepted", "dialect", "mediawiki").ShouldBe(2);
        metrics.Sum("wikibus.producer.failed").ShouldBe(1);
        metrics.Sum("wikibus.producer.dropped", "reason", "kind_not_enabled").ShouldBe(1);
        metrics.Sum("wikibus.producer.post.duration", "http.response.status_code", 207).ShouldBeGreaterThan(0);
    }

    [Fact]
    public async Task Trace_OfTheCause_GoesOnInTheQueue()
    {
        using var source = new ActivitySource("test");
        using var listener = new ActivityListener
        {
            ShouldListenTo = _ => true,
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllDataAndRecorded,
        };
        ActivitySource.AddActivityListener(listener);
        await using var service = await StubService.StartAsync();
        await using var producer = await StartAsync(service.Url);

        string trace;
        using (var activity = source.StartActivity("edit")!)
        {
            trace = activity.TraceId.ToHexString();
            producer.Sender.Enqueue([TestProducer.Event()]);
        }

        (await service.NextAsync()).Headers["traceparent"].ShouldContain(trace);
    }

    [Fact]
    public async Task Log_OfAFailure_HasNoEventAndNoSecret()
    {
        await using var service = await StubService.StartAsync(400, "answer-text");
        var logs = new TestLogs();
        await using var producer = await StartAsync(
            service.Url, options => options.Services["eventbus"].ApiKey = "secret-key", logs.Register);

        await producer.Sender.SendAsync([TestProducer.Event(text: "\"event-text\"")], TestTime.Token());

        logs.Lines.ShouldHaveSingleItem().Text.ShouldBe(
            "Unable to deliver all events: 400: Bad Request (service eventbus, 1 of 1 events)");
    }

    private static Task<TestProducer> StartAsync(
        string url, Action<ProducerOptions>? configure = null, Action<IServiceCollection>? register = null) =>
        TestProducer.StartAsync(url, configure, services =>
        {
            services.AddHealthChecks().AddWikiBusProducer();
            register?.Invoke(services);
        });

    private static Task<HealthReport> HealthAsync(TestProducer producer) =>
        producer.Services.GetRequiredService<HealthCheckService>().CheckHealthAsync(TestTime.Token());
}
