using System.Text;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Logging;
using WikiBus.Events.MediaWiki;
using WikiBus.Producer.Outbox.Relay;

namespace WikiBus.Producer.Tests.Outbox.Operation;

/// <summary>What an operator sees and does.</summary>
public sealed class AdministrationTests(OutboxDatabases databases)
{
    public static TheoryData<OutboxDatabaseKind> Kinds => [OutboxDatabaseKind.Sqlite, OutboxDatabaseKind.PostgreSql];

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task ParkedEvents_AreListedInPages_RetriedAndDropped(OutboxDatabaseKind kind)
    {
        await using var database = await databases.CreateAsync(kind);
        var events = await RelayRun.SeedAsync(database, 5);
        await using var run = await RelayRun.StartAsync(database, (number, _) => number == 0
            ? StubAnswer.Refusing(400, events.Select(TextOf))
            : new StubAnswer(201));
        await run.UntilLoggedAsync("is parked");
        await run.Clock.UntilAsync(() => run.Lines(LogLevel.Error).Count() == 5);
        var administration = run.Wiki.Administration;

        var first = await administration.ListParkedAsync(count: 2, cancellationToken: TestTime.Token());
        var second = await administration.ListParkedAsync(first[1].Id, 2, TestTime.Token());
        var third = await administration.ListParkedAsync(second[1].Id, 2, TestTime.Token());
        first.Concat(second).Concat(third).Select(item => Encoding.UTF8.GetString(item.Text.Span))
            .ShouldBe(events.Select(TextOf));
        foreach (var count in (int[])[0, 1001])
        {
            await Should.ThrowAsync<ArgumentOutOfRangeException>(administration.ListParkedAsync(0, count));
        }

        foreach (var wrong in (byte[][])[
            [], "x"u8.ToArray(), "{}"u8.ToArray(), [0xff], events[1].Json.ToArray(),
            [.. events[0].Json.Span, (byte)'x']])
        {
            await Should.ThrowAsync<ArgumentException>(
                administration.RetryParkedAsync(first[0].Id, wrong, TestTime.Token()));
        }

        (await administration.DropParkedAsync(first[1].Id, TestTime.Token())).ShouldBeTrue();
        (await administration.DropParkedAsync(first[1].Id, TestTime.Token())).ShouldBeFalse();
        (await administration.RetryParkedAsync(first[1].Id, cancellationToken: TestTime.Token())).ShouldBeFalse();
        var level = (await administration.GetLevelsAsync(TestTime.Token())).ShouldHaveSingleItem();
        (level.Service, level.Rows, level.Retrying, level.Parked).ShouldBe(("eventbus", 0, 0, 4));

        var corrected = TextOf(events[0]).Replace("null_edit", "corrected", StringComparison.Ordinal);
        (await administration.RetryParkedAsync(
            first[0].Id, Encoding.UTF8.GetBytes(corrected), TestTime.Token())).ShouldBeTrue();
        await run.UntilPostedAsync(2);
        (await administration.RetryParkedAsync(second[0].Id, cancellationToken: TestTime.Token())).ShouldBeTrue();
        await run.UntilPostedAsync(3);
        await run.Wiki.StopAsync();
        run.Bodies.Skip(1).ShouldBe([$"[{corrected}]", $"[{TextOf(events[2])}]"]);
        (await database.CountAsync("outbox_parked")).ShouldBe(2);
        (await database.CountAsync("outbox")).ShouldBe(0);
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task Tables_AreCreatedOnce_AndTheirVersionChecked(OutboxDatabaseKind kind)
    {
        await using var database = await databases.CreateAsync(kind);
        (await Should.ThrowAsync<OutboxTablesException>(StartAsync()))
            .Message.ShouldContain("Execute IOutboxAdministration.Script, or set Outbox.CreatesTables");

        await using (var wiki = await OutboxWiki.StartAsync(database))
        {
            await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => database.ExecuteAsync(wiki.Administration.Script)));
            await wiki.Administration.CreateTablesAsync(TestTime.Token());
            (await database.CountAsync("outbox_state")).ShouldBe(1);
        }

        await using (await StartAsync())
        {
            await database.ExecuteAsync("UPDATE outbox_state SET version = 2");
        }

        (await Should.ThrowAsync<OutboxTablesException>(StartAsync())).Message.ShouldBe(
            "The tables of the outbox have the version 2; this version of WikiBus.Producer works with 1.");

        Task<OutboxWiki> StartAsync() =>
            OutboxWiki.StartAsync(database, configure: options => options.Outbox.CreatesTables = false);
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task TwoProcesses_CreateTheTablesAtOnce(OutboxDatabaseKind kind)
    {
        await using var database = await databases.CreateAsync(kind);

        var wikis = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => OutboxWiki.StartAsync(database)));

        (await database.CountAsync("outbox_state")).ShouldBe(1);
        foreach (var wiki in wikis)
        {
            await wiki.DisposeAsync();
        }
    }

    [Fact]
    public async Task ProcessWithoutRelay_MakesTheTables_WhenItsDatabaseIsThere()
    {
        var folder = Directory.CreateTempSubdirectory("wikibus-outbox-").FullName;
        Directory.Delete(folder);
        var text = $"Data Source={Path.Combine(folder, "wiki.db")};Pooling=false";
        await using var database = new OutboxTestDatabase(
            OutboxDatabaseKind.Sqlite, text, SqliteFactory.Instance.CreateDataSource(text));
        var clock = new TestClock();
        await using var wiki = await OutboxWiki.StartAsync(
            database, services: services => services.AddSingleton<TimeProvider>(clock));
        (await wiki.CheckHealthAsync()).Status.ShouldBe(HealthStatus.Degraded);

        Directory.CreateDirectory(folder);
        var state = wiki.Services.GetRequiredService<RelayState>();
        await clock.UntilAsync(() => state.DatabaseFault is null);

        (await wiki.CheckHealthAsync()).Status.ShouldBe(HealthStatus.Healthy);
        Directory.Delete(folder, recursive: true);
    }

    [Fact]
    public async Task MetricsAndHealth_ShowWhatWaits()
    {
        await using var database = await databases.CreateAsync(OutboxDatabaseKind.Sqlite);
        var events = await RelayRun.SeedAsync(database, 3);
        using var metrics = new TestMetrics();
        var isUp = false;
        await using var run = await RelayRun.StartAsync(
            database,
            (_, _) => isUp ? StubAnswer.Refusing(207, [TextOf(events[0])]) : new StubAnswer(503),
            services: metrics.Register);

        await run.Clock.UntilAsync(() => metrics.Observe("wikibus.outbox.oldest").GetValueOrDefault("eventbus") > 70);
        metrics.Observe("wikibus.outbox.rows")["eventbus"].ShouldBe(1);
        metrics.Observe("wikibus.outbox.parked")["eventbus"].ShouldBe(0);
        var waiting = await run.Wiki.CheckHealthAsync();
        waiting.Status.ShouldBe(HealthStatus.Degraded);
        waiting.Description!.ShouldStartWith("eventbus: 503: ");
        waiting.Description!.ShouldContain("1 rows wait for eventbus, the oldest for ");

        isUp = true;
        await run.UntilLoggedAsync("is parked");
        metrics.Sum("wikibus.outbox.sent", "service", "eventbus").ShouldBe(2);
        metrics.Sum("wikibus.outbox.answers", "http.response.status_code", 207).ShouldBe(1);
        await run.Clock.UntilAsync(() => metrics.Observe("wikibus.outbox.parked")["eventbus"] == 1);
        metrics.Observe("wikibus.outbox.rows")["eventbus"].ShouldBe(0, "a gauge without a row goes back to 0");
        metrics.Observe("wikibus.outbox.oldest")["eventbus"].ShouldBe(0);
        (await run.Wiki.CheckHealthAsync()).Description.ShouldBe("eventbus refused 1 events");

        await database.ExecuteAsync("DROP TABLE outbox_parked");
        (await run.Wiki.CheckHealthAsync()).Description.ShouldBe("The tables of the outbox cannot be read.");
    }

    [Fact]
    public async Task RowsOfAnUnknownService_AreAnError()
    {
        await using var database = await databases.CreateAsync(OutboxDatabaseKind.Sqlite);
        await RelayRun.SeedAsync(database, 1);
        await database.ExecuteAsync("UPDATE outbox SET service = 'gone'");

        await using var run = await RelayRun.StartAsync(database, (_, _) => new StubAnswer(201));
        await run.UntilLoggedAsync("which the settings do not have");

        run.Lines(LogLevel.Error).ShouldBe(
            ["1 rows of the outbox wait for the service gone (mediawiki), which the settings do not have"]);
    }

    private static string TextOf(MediaWikiEvent item) => Encoding.UTF8.GetString(item.Json.Span);
}
