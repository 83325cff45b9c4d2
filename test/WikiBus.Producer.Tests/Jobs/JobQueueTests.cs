using System.Text;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;
using WikiBus.Events;
using WikiBus.Events.MediaWiki;

namespace WikiBus.Producer.Tests.Jobs;

public sealed class JobQueueTests : IAsyncLifetime
{
    private readonly FakeTimeProvider _time = new(new DateTimeOffset(2026, 11, 30, 12, 0, 0, TimeSpan.Zero));
    private readonly JobScript _script = new();
    private JobServiceStub _service = null!;

    public async ValueTask InitializeAsync() => _service = await JobServiceStub.StartAsync();

    public ValueTask DisposeAsync() => _service.DisposeAsync();

    [Fact]
    public async Task Jobs_AreSentOnceForEachStream_Signed()
    {
        await using var wiki = await StartAsync(options => options.SecretKeys.Insert(0, "new"));

        await wiki.PushAsync(
            Job("a", """{"n":1}"""),
            Job("b", """{"n":2}""") with { ReleaseTime = _time.GetUtcNow().AddMinutes(5) },
            Job("a", """{"n":3,"requestId":"r1"}"""));

        _service.Requests.Select(Numbers).ShouldBe([[1, 3], [2]]);
        var events = _service.Requests.SelectMany(request => request).ToList();
        events.ShouldAllBe(jobEvent => IsSignedWith("new", jobEvent));
        events.Select(RequestIdOf).Distinct(StringComparer.Ordinal).Count().ShouldBe(2, "one scope and r1");
        RequestIdOf(events[1]).ShouldBe("r1");
        JobServiceStub.StreamOf(events[2]).ShouldBe("mediawiki.job.b");
        events[2].GetProperty("delay_until").GetString().ShouldBe("2026-11-30T12:05:00Z");
    }

    [Fact]
    public async Task OfEqualJobs_TheLastIsSent_AtThePlaceOfTheFirst()
    {
        await using var wiki = await StartAsync();
        var unique = Job("a", """{"n":1}""") with { Deduplication = new JobDeduplication() };

        await wiki.PushAsync(
            unique with { ReleaseTime = _time.GetUtcNow() },
            Job("a", """{"n":2}"""),
            Job("a", """{"n":2}"""),
            unique with { ReleaseTime = _time.GetUtcNow().AddHours(1) });

        var request = _service.Requests.ShouldHaveSingleItem();
        Numbers(request).ShouldBe([1, 2, 2]);
        request[0].GetProperty("delay_until").GetString().ShouldBe("2026-11-30T13:00:00Z");
    }

    [Fact]
    public async Task ARefusedStream_StopsThePush()
    {
        await using var wiki = await StartAsync();
        _service.Answer = static (events, _) => Task.FromResult(
            JobServiceStub.StreamOf(events[0]) == "mediawiki.job.b" ? 400 : 201);

        var exception = await Should.ThrowAsync<JobQueueException>(wiki.PushAsync(
            Job("a", """{"n":1}"""), Job("b", """{"n":2}"""), Job("c", """{"n":3}""")));

        exception.Message.ShouldBe("Could not enqueue jobs");
        exception.Stream.ShouldBe("mediawiki.job.b");
        exception.Result.Errors.ShouldBe(["Unable to deliver all events: 400: Bad Request"]);
        exception.Result.Posts.ShouldHaveSingleItem().StatusCode.ShouldBe(400);
        _service.Requests.Select(Numbers).ShouldBe([[1], [2]]);
    }

    [Fact]
    public async Task NoAnswerInTime_Throws()
    {
        await using var wiki = await StartAsync();
        var arrived = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _service.Answer = async (_, aborted) =>
        {
            arrived.SetResult();
            await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, aborted);
            return 201;
        };

        var push = wiki.PushAsync(Job("a", """{"n":1}"""));
        await arrived.Task.WaitAsync(TestTime.Token());
        _time.Advance(TimeSpan.FromSeconds(10));

        var exception = await Should.ThrowAsync<JobQueueException>(push.WaitAsync(TestTime.Token()));
        exception.Result.Posts.ShouldHaveSingleItem().StatusCode.ShouldBeNull();
    }

    [Fact]
    public async Task NoConnection_Throws()
    {
        await using var wiki = await StartAsync();
        await _service.DisposeAsync();

        var exception = await Should.ThrowAsync<JobQueueException>(wiki.PushAsync(Job("a", """{"n":1}""")));
        exception.Result.FailedCount.ShouldBe(1);
    }

    [Fact]
    public async Task JobsThatAreNotEnabled_Throw()
    {
        foreach (var configure in (Action<ProducerOptions>[])[
            options => options.EnabledKinds = EventKinds.Event | EventKinds.Purge,
            options =>
            {
                options.Generation = EventGeneration.Current;
                options.Streams = new Dictionary<string, StreamOptions>(StringComparer.Ordinal)
                {
                    ["mediawiki.job.a"] = new() { IsEnabled = false },
                };
            }])
        {
            await using var wiki = await StartAsync(configure);
            var exception = await Should.ThrowAsync<JobQueueException>(wiki.PushAsync(Job("a", """{"n":1}""")));
            exception.Result.Errors.ShouldBe(["Events of type '2' are not enqueueable"]);
        }

        _service.Requests.ShouldBeEmpty();
    }

    [Fact]
    public async Task AJobThatCannotBeSent_StopsThePushBeforeItBegins()
    {
        await using var wiki = await StartAsync();

        await Should.ThrowAsync<ArgumentException>(wiki.PushAsync(Job("a", """{"n":1}"""), Job("b", "{}")));
        _service.Requests.ShouldBeEmpty();
    }

    [Fact]
    public async Task WithoutASecretKey_NothingIsSent()
    {
        await using var wiki = await StartAsync(options =>
        {
            options.SecretKeys.Clear();
            options.EnableRunJob = false;
        });

        await Should.ThrowAsync<InvalidOperationException>(wiki.PushAsync(Job("a", """{"n":1}""")));
        _service.Requests.ShouldBeEmpty();
    }

    [Fact]
    public async Task AJob_ComesBack_AndItsJobsHaveItsRequestId()
    {
        await using var wiki = await StartAsync();
        await wiki.PushAsync(Job("parent", """{"requestId":"r1","u":"/é\u2028😀","f":1.0}"""));
        _service.Requests.TryDequeue(out var sent).ShouldBeTrue();

        var (status, _) = await wiki.RunAsync(Encoding.UTF8.GetBytes(sent.ShouldHaveSingleItem().GetRawText()));

        status.ShouldBe(200);
        _script.Last!.Parameters.GetProperty("u").GetString().ShouldBe("/é\u2028😀");
        _service.Requests.TryDequeue(out var child).ShouldBeTrue();
        RequestIdOf(child.ShouldHaveSingleItem()).ShouldBe("r1");
    }

    private static WikiJob Job(string type, string parameters) =>
        new() { Type = type, Parameters = JsonElement.Parse(parameters) };

    private static IEnumerable<int> Numbers(List<JsonElement> events) =>
        events.Select(jobEvent => jobEvent.GetProperty("params").GetProperty("n").GetInt32());

    private static string RequestIdOf(JsonElement jobEvent) =>
        jobEvent.GetProperty("meta").GetProperty("request_id").GetString()!;

    private static bool IsSignedWith(string secretKey, JsonElement jobEvent) =>
        JobSignature.Verify(Encoding.UTF8.GetBytes(jobEvent.GetRawText()), Encoding.UTF8.GetBytes(secretKey));

    private Task<JobWiki> StartAsync(Action<ProducerOptions>? configure = null) =>
        JobWiki.StartAsync(
            services =>
            {
                services.AddSingleton<TimeProvider>(_time);
                services.AddSingleton(_script);
                services.AddJobHandler<ParentHandler>("parent");
            },
            options =>
            {
                options.Services["eventbus"] = new EventServiceOptions { Url = _service.Url };
                configure?.Invoke(options);
            });

    /// <summary>A job that makes another.</summary>
    private sealed class ParentHandler(JobScript script, IJobQueue queue) : IJobHandler
    {
        public async Task<JobResult> RunAsync(ReceivedJob job, CancellationToken cancellationToken)
        {
            script.Last = job;
            await queue.PushAsync(
                new WikiJob { Type = "child", Parameters = JsonElement.Parse("""{"n":1}""") }, cancellationToken);
            return JobResult.Succeeded;
        }
    }
}
