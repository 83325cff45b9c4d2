using System.Collections.Concurrent;
using System.Text;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using WikiBus.Events.Deki;

namespace WikiBus.Producer.Tests.Outbox.Relay;

/// <summary>What the relay does after each answer of a pub/sub service.</summary>
public sealed class DekiAnswerTests(OutboxDatabases databases)
{
    private const string EventId = "X-Dream-Event-Id";

    private static readonly DekiUser s_user = new() { Id = 7, Name = "Maria" };

    [Theory]
    [InlineData(OutboxDatabaseKind.Sqlite)]
    [InlineData(OutboxDatabaseKind.PostgreSql)]
    public async Task AcceptedEvents_AreSentOnce_InOrder_WithTheirHeaders(OutboxDatabaseKind kind)
    {
        await using var database = await databases.CreateAsync(kind);
        await using var run = await DekiService.StartAsync(database, _ => new StubAnswer(200));
        var item = new DekiEvent(
            "event://default/deki/pages/x", "http://wiki/%C3%A9",
            ["http://a/", "http://b/?c=1,2"], "<event>é\n</event>");
        var bare = item with { Resource = null };

        await run.PublishAsync(item, bare);
        await run.PublishAsync(item);
        await run.UntilPostedAsync(3);
        await run.Wiki.StopAsync();

        run.Posts.Select(post => post.Body).ShouldAllBe(body => body == item.Document);
        var headers = run.Posts.First().Headers;
        headers["X-Dream-Event-Channel"].ShouldBe(item.Channel);
        headers["X-Dream-Event-Resource-Uri"].ShouldBe(item.Resource);
        headers["X-Dream-Event-Origin-Uri"].ShouldBe("http://a/,http://b/?c=1,2");
        run.Posts.ElementAt(1).Headers.ShouldNotContainKey("X-Dream-Event-Resource-Uri");
        run.Posts.Select(post => Guid.Parse(post.Headers[EventId]).Version).ShouldAllBe(version => version == 7);
        run.Posts.Select(post => post.Headers[EventId]).Distinct(StringComparer.Ordinal).Count().ShouldBe(3);
        (await database.CountAsync("outbox")).ShouldBe(0);
    }

    [Theory]
    [InlineData(400, OutboxDatabaseKind.Sqlite)]
    [InlineData(400, OutboxDatabaseKind.PostgreSql)]
    [InlineData(415, OutboxDatabaseKind.Sqlite)]
    [InlineData(413, OutboxDatabaseKind.Sqlite)]
    public async Task RefusedEvent_IsParked_AndTheRestGoesOn(int status, OutboxDatabaseKind kind)
    {
        // The text is cut in the middle of a character.
        var reason = new string('x', 1970) + string.Concat(Enumerable.Repeat("😀", 20));
        await using var database = await databases.CreateAsync(kind);
        await using var run = await DekiService.StartAsync(database, number => number == 1
            ? new StubAnswer(status, $"<error>{reason}</error>")
            : new StubAnswer(200));

        await run.PublishAsync([.. Enumerable.Range(0, 3).Select(_ => DekiService.NewEvent())]);
        await run.UntilPostedAsync(3);
        await run.Wiki.StopAsync();

        (await database.CountAsync("outbox")).ShouldBe(0);
        var parked = (await run.Wiki.Administration.ListParkedAsync(cancellationToken: TestTime.Token()))
            .ShouldHaveSingleItem();
        parked.Service.ShouldBe("deki");
        parked.Stream.ShouldBe("event://default/deki/users/update");
        parked.Message.ShouldStartWith($"{status}: ");
        parked.Message.Contains("<error>xxx", StringComparison.Ordinal).ShouldBe(status != 413);
        Encoding.UTF8.GetString(parked.Text.Span).ShouldBe(run.Posts.ElementAt(1).Body);
        run.Wiki.Logs.Lines.ShouldContain((
            LogLevel.Error,
            "An event of event://default/deki/users/update is parked, because the service deki refused it; "
                + "the reason is in IOutboxAdministration.ListParkedAsync"));
    }

    [Fact]
    public async Task ParkedEvent_CanBeCorrected_AndKeepsItsIdAndHeaders()
    {
        await using var database = await databases.CreateAsync(OutboxDatabaseKind.Sqlite);
        await using var run = await DekiService.StartAsync(
            database, number => new StubAnswer(number == 0 ? 400 : 200));
        await run.PublishAsync(DekiService.NewEvent());
        await run.UntilLoggedAsync("is parked");
        var parked = (await run.Wiki.Administration.ListParkedAsync(cancellationToken: TestTime.Token())).Single();

        await Should.ThrowAsync<ArgumentException>(
            run.Wiki.Administration.RetryParkedAsync(parked.Id, new byte[] { 0xff }, TestTime.Token()));
        (await run.Wiki.Administration.RetryParkedAsync(parked.Id, "<event />"u8.ToArray(), TestTime.Token()))
            .ShouldBeTrue();
        await run.UntilPostedAsync(2);

        var (first, second) = (run.Posts.First(), run.Posts.Last());
        second.Body.ShouldBe("<event />");
        foreach (var name in (string[])
            [EventId, "X-Dream-Event-Channel", "X-Dream-Event-Resource-Uri", "X-Dream-Event-Origin-Uri"])
        {
            second.Headers[name].ShouldBe(first.Headers[name]);
        }
    }

    [Theory]
    [InlineData(401)]
    [InlineData(403)]
    [InlineData(404)]
    public async Task ServiceWithoutPubSub_HoldsUpEverything_AndIsOneError(int status)
    {
        await using var database = await databases.CreateAsync(OutboxDatabaseKind.Sqlite);
        await using var run = await DekiService.StartAsync(
            database, number => new StubAnswer(number < 5 ? status : 200));

        await run.PublishAsync(DekiService.NewEvent(), DekiService.NewEvent());
        await run.UntilPostedAsync(7);
        await run.Wiki.StopAsync();

        run.Posts.Take(6).Select(post => post.Headers[EventId]).Distinct(StringComparer.Ordinal).Count().ShouldBe(1);
        run.Wiki.Logs.Lines.Where(line => line.Level == LogLevel.Error).ShouldHaveSingleItem().Text.ShouldMatch(
            $"^The service deki at http://127.0.0.1:[0-9]+/[a-z0-9/]+ refuses all events: {status}: ");
        (await database.CountAsync("outbox")).ShouldBe(0);
        (await database.CountAsync("outbox_parked")).ShouldBe(0);
    }

    [Theory]
    [InlineData(201)]
    [InlineData(202)]
    [InlineData(207)]
    [InlineData(302)]
    [InlineData(500)]
    [InlineData(503)]
    [InlineData(null)]
    [InlineData(0)]
    public async Task OtherAnswers_GetTheSameRequestAgain(int? status)
    {
        await using var database = await databases.CreateAsync(OutboxDatabaseKind.Sqlite);
        await using var run = await DekiService.StartAsync(
            database, number => new StubAnswer(number < 3 ? status : 200));

        await run.PublishAsync(DekiService.NewEvent());
        await run.UntilPostedAsync(4);
        await run.Wiki.StopAsync();

        run.Posts.Select(post => (post.Body, post.Headers[EventId])).Distinct().Count().ShouldBe(1);
        (await database.CountAsync("outbox")).ShouldBe(0);
        run.Wiki.Logs.Lines.ShouldNotContain(line => line.Level == LogLevel.Error);
    }

    /// <summary>A wiki with the outbox, and a pub/sub service.</summary>
    private sealed class DekiService : IAsyncDisposable
    {
        private readonly TestClock _clock = new();
        private StubService _service = null!;

        public OutboxWiki Wiki { get; private set; } = null!;

        /// <summary>The requests of the relay; the events about the site itself have no id.</summary>
        public ConcurrentQueue<ReceivedPost> Posts { get; } = new();

        public static async Task<DekiService> StartAsync(OutboxTestDatabase database, Func<int, StubAnswer> answer)
        {
            var run = new DekiService();
            run._service = await StubService.StartAsync(async context =>
            {
                var post = (ReceivedPost)context.Items[nameof(ReceivedPost)]!;
                if (post.Headers.ContainsKey(EventId))
                {
                    var reply = answer(run.Posts.Count);
                    run.Posts.Enqueue(post);
                    await reply.WriteAsync(context);
                    return;
                }

                context.Response.StatusCode = 200;
            });
            run.Wiki = await OutboxWiki.StartAsync(
                database,
                run._service.Url,
                options => DekiRun.Configure(options, run._service.Url),
                services =>
                {
                    services.AddSingleton<TimeProvider>(run._clock);
                    services.Configure<HostOptions>(host => host.ShutdownTimeout = TimeSpan.FromSeconds(1));
                    DekiRun.AddServices(services);
                });
            return run;
        }

        public static DekiEvent NewEvent() => new(
            "event://default/deki/users/update", "http://wiki/@api/deki/users/7", ["http://wiki/@api/deki"],
            $"<event id=\"{Guid.NewGuid()}\" user=\"{s_user.Name}\" />");

        public Task PublishAsync(params IReadOnlyList<DekiEvent> events) => Wiki.InScopeAsync(
            async (services, connection) =>
            {
                await using var transaction = await services.GetRequiredService<IOutbox>().BeginTransactionAsync(
                    connection, cancellationToken: TestTime.Token());
                services.GetRequiredService<IDekiEventPublisher>().Publish(events);
                await transaction.CommitAsync(TestTime.Token());
            });

        public Task UntilPostedAsync(int count) => _clock.UntilAsync(() => Posts.Count >= count);

        public Task UntilLoggedAsync(string text) => _clock.UntilAsync(
            () => Wiki.Logs.Lines.Any(line => line.Text.Contains(text, StringComparison.Ordinal)));

        public async ValueTask DisposeAsync()
        {
            await Wiki.DisposeAsync();
            await _service.DisposeAsync();
        }
    }
}
