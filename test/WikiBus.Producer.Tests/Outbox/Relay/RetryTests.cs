using System.Globalization;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace WikiBus.Producer.Tests.Outbox.Relay;

/// <summary>When the relay sends the same request again.</summary>
public sealed class RetryTests(OutboxDatabases databases)
{
    private static readonly TimeSpan s_delayMax = TimeSpan.FromSeconds(30);

    [Theory]
    [InlineData(401)]
    [InlineData(403)]
    [InlineData(404)]
    [InlineData(405)]
    public async Task WrongKeyOrAddress_HoldsUpEverything_AndIsOneError(int status)
    {
        await using var database = await databases.CreateAsync(OutboxDatabaseKind.Sqlite);
        var events = await RelayRun.SeedAsync(database, 1, 2);
        var isMended = false;
        await using var run = await RelayRun.StartAsync(
            database, (_, _) => new StubAnswer(isMended ? 201 : status));

        await run.UntilPostedAsync(8);
        run.Ids().ShouldAllBe(ids => ids.SequenceEqual(events.Select(item => item.Id)));
        run.Lines(LogLevel.Error).ShouldHaveSingleItem().ShouldMatch(
            $"^The service eventbus at http://127.0.0.1:[0-9]+/v1/events refuses all events: {status}: ");
        (await run.Wiki.CheckHealthAsync()).Description.ShouldStartWith($"eventbus: {status}: ");
        (await database.CountAsync("outbox")).ShouldBe(2);

        isMended = true;
        var count = run.Bodies.Count;
        await run.UntilPostedAsync(count + 1);
        await run.Wiki.StopAsync();
        run.Lines(LogLevel.Information).ShouldContain("The service eventbus takes events again");
        (await database.CountAsync("outbox")).ShouldBe(0);
        (await database.CountAsync("outbox_parked")).ShouldBe(0);
        (await run.Wiki.CheckHealthAsync()).Description.ShouldBeNull();
    }

    [Fact]
    public async Task RequestThatIsTooLarge_IsHalved_AndASingleEventParked()
    {
        await using var database = await databases.CreateAsync(OutboxDatabaseKind.Sqlite);
        var events = await RelayRun.SeedAsync(database, 3, 4);
        var large = events[4].Id;
        await using var run = await RelayRun.StartAsync(database, (_, body) => new StubAnswer(
            RelayRun.IdsOf(body) is var ids && (ids.Length > 2 || ids.Contains(large)) ? 413 : 201));

        await run.UntilLoggedAsync("is parked");
        await run.UntilPostedAsync(9);
        await run.Wiki.StopAsync();

        run.Ids().Select(ids => string.Concat(ids.Select(id => events.FindIndex(item => item.Id == id))))
            .ShouldBe(["0123456", "012", "0", "12", "3456", "34", "3", "45", "4", "56"]);
        var parked = (await run.Wiki.Administration.ListParkedAsync(cancellationToken: TestTime.Token()))
            .ShouldHaveSingleItem();
        parked.Message.ShouldStartWith("413: ");
        parked.Stream.ShouldBe("resource_change");
        (await database.CountAsync("outbox")).ShouldBe(0);
    }

    [Fact]
    public async Task Delays_GrowToThirtySeconds_WithoutEnd()
    {
        await using var database = await databases.CreateAsync(OutboxDatabaseKind.Sqlite);
        await RelayRun.SeedAsync(database, 1);
        await using var run = await RelayRun.StartAsync(
            database, (number, _) => new StubAnswer(number < 30 ? 503 : 201), LongTimeout);

        await run.Clock.UntilAsync(() => run.Bodies.Count > 30, TimeSpan.FromSeconds(5));
        await run.Wiki.StopAsync();

        var delays = Delays(run);
        delays.Count.ShouldBe(30);
        for (var i = 0; i < delays.Count; i++)
        {
            var most = TimeSpan.FromMilliseconds(250) * Math.Pow(2, Math.Min(i, 7));
            most = most < s_delayMax ? most : s_delayMax;
            delays[i].ShouldBeInRange(most / 2, most);
        }

        delays.Skip(7).Distinct().Count().ShouldBeGreaterThan(1, "half of the delay is random");
        (await database.CountAsync("outbox")).ShouldBe(0);
    }

    [Theory]
    [InlineData(503, "40", 40)]
    [InlineData(503, "7200", 3600)]
    [InlineData(429, "DATE+90", 90)]
    [InlineData(401, "45", 45)]
    [InlineData(503, "DATE-90", 0)]
    [InlineData(503, "soon", 0)]
    [InlineData(503, "-5", 0)]
    public async Task RetryAfter_IsObeyed_UpToAnHour(int status, string retryAfter, int seconds)
    {
        await using var database = await databases.CreateAsync(OutboxDatabaseKind.Sqlite);
        await RelayRun.SeedAsync(database, 1);
        var clock = new TestClock();
        var header = retryAfter.StartsWith("DATE", StringComparison.Ordinal)
            ? clock.GetUtcNow().AddSeconds(int.Parse(retryAfter[4..], CultureInfo.InvariantCulture))
                .ToString("R", CultureInfo.InvariantCulture)
            : retryAfter;
        await using var run = await RelayRun.StartAsync(
            database,
            (number, _) => number == 0 ? new StubAnswer(status, RetryAfter: header) : new StubAnswer(201),
            LongTimeout,
            clock: clock);

        await run.Clock.UntilAsync(() => run.Bodies.Count > 1, TimeSpan.FromSeconds(seconds < 100 ? 1 : 20));
        await run.Wiki.StopAsync();

        var delay = Delays(run).ShouldHaveSingleItem();
        if (retryAfter.StartsWith("DATE+", StringComparison.Ordinal))
        {
            // The time moves while the request is under way.
            delay.ShouldBeInRange(TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(seconds));
        }
        else if (seconds > 0)
        {
            delay.ShouldBe(TimeSpan.FromSeconds(seconds));
        }
        else
        {
            delay.ShouldBeLessThanOrEqualTo(TimeSpan.FromMilliseconds(250));
        }
    }

    [Theory]
    [InlineData(null)]
    [InlineData(0)]
    public async Task ServiceThatCutsOffOrHangs_GetsTheSameBytesAgain(int? status)
    {
        await using var database = await databases.CreateAsync(OutboxDatabaseKind.Sqlite);
        var events = await RelayRun.SeedAsync(database, 2);
        await using var run = await RelayRun.StartAsync(
            database, (number, _) => new StubAnswer(number < 3 ? status : 201));

        await run.UntilPostedAsync(3);
        (await run.Wiki.CheckHealthAsync()).Description.ShouldStartWith("eventbus: ");
        await run.UntilPostedAsync(4);
        await run.Wiki.StopAsync();

        run.Bodies.Distinct(StringComparer.Ordinal).Count().ShouldBe(1);
        run.Ids()[0].ShouldBe(events.Select(item => item.Id));
        (await database.CountAsync("outbox")).ShouldBe(0);
        run.Lines(LogLevel.Warning).ShouldHaveSingleItem();
    }

    [Fact]
    public async Task ServiceThatRefusesTheConnection_GetsTheEventsLater()
    {
        await using var database = await databases.CreateAsync(OutboxDatabaseKind.Sqlite);
        var events = await RelayRun.SeedAsync(database, 2);
        await using (var run = await RelayRun.StartAsync(
            database, (_, _) => new StubAnswer(201),
            (options, _) => options.Services["eventbus"].Url = "http://127.0.0.1:9/v1/events"))
        {
            await run.UntilLoggedAsync("does not take events");
            (await database.CountAsync("outbox")).ShouldBe(1);
        }

        await using var later = await RelayRun.StartAsync(database, (_, _) => new StubAnswer(201));
        await later.UntilPostedAsync(1);
        later.Ids()[0].ShouldBe(events.Select(item => item.Id));
    }

    [Fact]
    public async Task ServiceThatHangs_DoesNotHoldUpOthers()
    {
        await using var database = await databases.CreateAsync(OutboxDatabaseKind.Sqlite);
        await using var other = await StubService.StartAsync();
        await using var run = await RelayRun.StartAsync(
            database,
            (_, _) => new StubAnswer(0),
            (options, _) =>
            {
                options.Services["other"] = new EventServiceOptions { Url = other.Url };
                options.Streams = new Dictionary<string, StreamOptions>(StringComparer.Ordinal)
                {
                    ["resource_change"] = new() { Service = "eventbus" },
                    ["other"] = new() { Service = "other" },
                };
            },
            services => services.Configure<HostOptions>(host => host.ShutdownTimeout = TimeSpan.FromSeconds(1)));

        await run.Wiki.ChangeAsync(page: 1);
        await run.UntilPostedAsync(1);
        var item = TestEvents.Event("other");
        await run.Wiki.PublishAsync(_ => [item]);
        await run.Clock.UntilAsync(() => other.Count > 0);

        (await other.NextAsync()).Body.ShouldContain($"{item.Id}");
        run.Lines(LogLevel.Error).ShouldBeEmpty();
    }

    // The time limits of requests are timers, too.
    private static void LongTimeout(ProducerOptions options, string url) =>
        options.Services["eventbus"].Timeout = TimeSpan.FromMinutes(59);

    // All other delays of the relay have lengths of their own.
    private static List<TimeSpan> Delays(RelayRun run) => [.. run.Clock.Delays.Except(
    [
        TimeSpan.FromMilliseconds(50), TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(3), TimeSpan.FromSeconds(10),
        TimeSpan.FromMinutes(59), Timeout.InfiniteTimeSpan,
    ])];
}
