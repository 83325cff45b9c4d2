using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using WikiBus.Producer.Sending;

namespace WikiBus.Producer.Tests.Sending;

public sealed class PostQueueTests
{
    [Fact]
    public async Task Posts_OfOneService_GoOneAfterTheOther()
    {
        var atOnce = 0;
        var most = 0;
        await using var service = await StubService.StartAsync(async _ =>
        {
            most = Math.Max(most, Interlocked.Increment(ref atOnce));
            await Task.Yield();
            Interlocked.Decrement(ref atOnce);
        });
        await using var producer = await TestProducer.StartAsync(service.Url);

        for (var i = 0; i < 20; i++)
        {
            producer.Queue.TryAdd(Post(service.Url, $"{i}")).ShouldBeTrue();
        }

        for (var i = 0; i < 20; i++)
        {
            (await service.NextAsync()).Body.ShouldBe($"{i}");
        }

        most.ShouldBe(1);
    }

    [Fact]
    public async Task Service_ThatHangs_DoesNotHoldUpOthers()
    {
        await using var hanging = await StubService.StartHangingAsync();
        await using var service = await StubService.StartAsync();
        await using var producer = await TestProducer.StartAsync(service.Url);

        producer.Queue.TryAdd(Post(hanging.Url, "1") with { Service = "hanging" });
        await hanging.NextAsync();
        producer.Queue.TryAdd(Post(service.Url, "2"));

        (await service.NextAsync()).Body.ShouldBe("2");
    }

    [Fact]
    public async Task Queue_ThatIsFull_DropsAndCounts()
    {
        await using var service = await StubService.StartHangingAsync();
        using var metrics = new TestMetrics();
        var logs = new TestLogs();
        await using var producer = await TestProducer.StartAsync(
            service.Url,
            options => options.QueueBytesMax = 10,
            services =>
            {
                metrics.Register(services);
                logs.Register(services);
            });

        producer.Queue.TryAdd(Post(service.Url, "123456")).ShouldBeTrue();
        producer.Queue.TryAdd(Post(service.Url, "1234")).ShouldBeTrue();
        producer.Queue.Fullness.ShouldBe(1);
        producer.Queue.TryAdd(Post(service.Url, "1")).ShouldBeFalse();
        producer.Queue.TryAdd(Post(service.Url, "2")).ShouldBeFalse();

        metrics.Sum("wikibus.producer.dropped", "reason", "queue_full").ShouldBe(2);
        metrics.Sum("wikibus.producer.queue.size").ShouldBe(10);
        logs.Lines.ShouldHaveSingleItem().Text.ShouldBe(
            "Events are dropped, because 10 bytes wait for the service eventbus (QueueBytesMax)");
    }

    [Fact]
    public async Task Post_ThatIsLargerThanTheQueue_GoesThroughAnEmptyOne()
    {
        await using var service = await StubService.StartAsync();
        await using var producer = await TestProducer.StartAsync(service.Url, options => options.QueueBytesMax = 2);

        producer.Queue.TryAdd(Post(service.Url, "123456")).ShouldBeTrue();

        (await service.NextAsync()).Body.ShouldBe("123456");
    }

    [Fact]
    public async Task Stop_EmptiesTheQueue()
    {
        var mayAnswer = new TaskCompletionSource();
        await using var service = await StubService.StartAsync(_ => mayAnswer.Task);
        await using var producer = await TestProducer.StartAsync(service.Url);
        for (var i = 0; i < 5; i++)
        {
            producer.Queue.TryAdd(Post(service.Url, $"{i}"));
        }

        await service.NextAsync();
        var stop = producer.StopAsync(TestTime.Token());
        stop.IsCompleted.ShouldBeFalse();
        mayAnswer.SetResult();
        await stop;

        service.Count.ShouldBe(5);
        producer.Queue.TryAdd(Post(service.Url, "late")).ShouldBeFalse();
        producer.Queue.Fullness.ShouldBe(0);
    }

    [Fact]
    public async Task Stop_WithoutTimeLeft_CountsWhatWasNotSent()
    {
        await using var service = await StubService.StartHangingAsync();
        using var metrics = new TestMetrics();
        await using var producer = await TestProducer.StartAsync(service.Url, services: metrics.Register);
        producer.Queue.TryAdd(Post(service.Url, "1"));
        producer.Queue.TryAdd(Post(service.Url, "2"));
        await service.NextAsync();

        using var noTime = new CancellationTokenSource();
        var stop = producer.StopAsync(noTime.Token);
        await noTime.CancelAsync();
        await stop.WaitAsync(TestTime.Token());

        metrics.Sum("wikibus.producer.dropped", "reason", "stopped").ShouldBe(2);
        service.Count.ShouldBe(1);
    }

    [Fact]
    public async Task Post_AfterTheStop_IsLogged()
    {
        var logs = new TestLogs();
        await using var producer = await TestProducer.StartAsync("http://127.0.0.1:9/", services: logs.Register);
        await producer.StopAsync(TestTime.Token());

        producer.Queue.TryAdd(Post("http://127.0.0.1:9/", "1")).ShouldBeFalse();

        logs.Lines.ShouldHaveSingleItem().Text.ShouldBe(
            "1 events for the service eventbus were not sent before the stop");
    }

    [Fact]
    public async Task Logging_ThatFails_DoesNotEndTheSender()
    {
        await using var service = await StubService.StartAsync(500);
        await using var producer = await TestProducer.StartAsync(
            service.Url, services: services => services.AddLogging(logging => logging.AddProvider(new FullDisk())));

        producer.Queue.TryAdd(Post(service.Url, "1"));
        producer.Queue.TryAdd(Post(service.Url, "2"));

        (await service.NextAsync()).Body.ShouldBe("1");
        (await service.NextAsync()).Body.ShouldBe("2");
        await producer.StopAsync(TestTime.Token());
    }

    /// <summary>A logging that cannot write.</summary>
    private sealed class FullDisk : ILoggerProvider, ILogger
    {
        public ILogger CreateLogger(string categoryName) => this;

        public bool IsEnabled(LogLevel logLevel) => true;

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public void Log<TState>(
            LogLevel logLevel,
            EventId eventId,
            TState state,
            Exception? exception,
            Func<TState, Exception?, string> formatter)
        {
            if (logLevel >= LogLevel.Warning)
            {
                throw new IOException("No space is left.");
            }
        }

        public void Dispose()
        {
        }
    }

    private static OutgoingPost Post(string url, string body) => new(
        "eventbus",
        new Uri(url),
        System.Text.Encoding.UTF8.GetBytes(body),
        "application/json",
        1,
        "mediawiki",
        TestTime.Limit);
}
