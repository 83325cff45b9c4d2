using System.Text;

namespace WikiBus.Producer.Tests.Outbox.Relay;

/// <summary>Which events a request has.</summary>
public sealed class RequestTests(OutboxDatabases databases)
{
    [Theory]
    [InlineData(OutboxDatabaseKind.Sqlite)]
    [InlineData(OutboxDatabaseKind.PostgreSql)]
    public async Task Requests_HaveSeveralRows_WithinTheLimit_InOrder(OutboxDatabaseKind kind)
    {
        const int BytesMax = 3000;
        await using var database = await databases.CreateAsync(kind);
        int[] sizes = [100, 200, 1400, 1400, 1400, 2998, 2999, 3500, 90, 90, 5000, 90, 1448, 1448, 1449, 1449];
        var events = sizes.Select(TestEvents.OfSize).ToList();
        await using (var wiki = await OutboxWiki.StartAsync(database))
        {
            foreach (var row in (Range[])[0..1, 1..2, 2..9, 9..10, 10..11, 11..16])
            {
                await wiki.PublishAsync(_ => events[row]);
            }
        }

        await using var run = await RelayRun.StartAsync(
            database, (_, _) => new StubAnswer(201), (options, _) => options.Outbox.BatchBytesMax = BytesMax);
        await run.Clock.UntilAsync(() => run.Ids().Sum(ids => ids.Length) == events.Count);
        await run.Wiki.StopAsync();

        run.Ids().SelectMany(ids => ids).ShouldBe(events.Select(item => item.Id));
        foreach (var body in run.Bodies)
        {
            (Encoding.UTF8.GetByteCount(body) <= BytesMax || RelayRun.IdsOf(body).Length == 1).ShouldBeTrue();
        }

        run.Bodies.Count.ShouldBeLessThan(events.Count);
        run.Ids()[0].Length.ShouldBeGreaterThan(1, "rows share requests");
        (await database.CountAsync("outbox")).ShouldBe(0);
    }

    [Fact]
    public async Task Request_HasAtMostAThousandEvents()
    {
        await using var database = await databases.CreateAsync(OutboxDatabaseKind.Sqlite);
        await using (var wiki = await OutboxWiki.StartAsync(database))
        {
            await wiki.PublishAsync(_ => [.. Enumerable.Range(0, 600).Select(_ => TestEvents.Event())]);
            await wiki.PublishAsync(_ => [.. Enumerable.Range(0, 1500).Select(_ => TestEvents.Event())]);
        }

        await using var run = await RelayRun.StartAsync(database, (_, _) => new StubAnswer(201));
        await run.UntilPostedAsync(3);
        await run.Wiki.StopAsync();

        run.Ids().Select(ids => ids.Length).ShouldBe([1000, 1000, 100]);
        (await database.CountAsync("outbox")).ShouldBe(0);
    }

    [Theory]
    [InlineData(1000, 1 << 20, 1)]
    [InlineData(4 << 20, 1000, 1)]
    [InlineData(4 << 20, 1 << 20, 4)]
    public async Task Limit_IsTheSmallerOne(int batchBytesMax, int outboxBytesMax, int count)
    {
        await using var database = await databases.CreateAsync(OutboxDatabaseKind.Sqlite);
        await using (var wiki = await OutboxWiki.StartAsync(database))
        {
            await wiki.PublishAsync(_ => [.. Enumerable.Range(0, 4).Select(_ => TestEvents.OfSize(600))]);
        }

        await using var run = await RelayRun.StartAsync(
            database,
            (_, _) => new StubAnswer(201),
            (options, _) =>
            {
                options.BatchBytesMax = batchBytesMax;
                options.Outbox.BatchBytesMax = outboxBytesMax;
            });
        await run.UntilPostedAsync(4 / count);

        run.Ids().ShouldAllBe(ids => ids.Length == count);
    }

    [Fact]
    public async Task DividedRow_IsDeletedAfterItsLastRequest()
    {
        await using var database = await databases.CreateAsync(OutboxDatabaseKind.Sqlite);
        var events = await RelayRun.SeedAsync(database, 3);
        await using (var run = await RelayRun.StartAsync(
            database,
            (number, _) => new StubAnswer(number < 2 ? 201 : 503),
            (options, _) => options.Outbox.BatchBytesMax = 1))
        {
            await run.UntilLoggedAsync("does not take events");
            await run.Wiki.StopAsync();
            (await database.CountAsync("outbox")).ShouldBe(1);
        }

        // What was accepted is sent again; a service that has the bytes stores them once.
        await using var later = await RelayRun.StartAsync(
            database, (_, _) => new StubAnswer(201), (options, _) => options.Outbox.BatchBytesMax = 1);
        await later.UntilPostedAsync(3);
        await later.Wiki.StopAsync();
        later.Ids().Select(ids => ids.Single()).ShouldBe(events.Select(item => item.Id));
        (await database.CountAsync("outbox")).ShouldBe(0);
    }

    [Fact]
    public async Task NestedEvent_IsSentAsItIs()
    {
        await using var database = await databases.CreateAsync(OutboxDatabaseKind.Sqlite);
        await using var run = await RelayRun.StartAsync(database, (_, _) => new StubAnswer(201));
        const int Depth = 511;
        var item = TestEvents.Event(
            members: $",\"a\":{new string('[', Depth)}{new string(']', Depth)}, \"b\" : [1, 2.50 ,\"\\u00e9é\"]");

        await run.Wiki.PublishAsync(_ => [item]);
        await run.UntilPostedAsync(1);

        run.Bodies.Single().ShouldBe($"[{Encoding.UTF8.GetString(item.Json.Span)}]");
    }

    [Theory]
    [InlineData("mediawiki", "''")]
    [InlineData("mediawiki", "'[]'")]
    [InlineData("mediawiki", "'5'")]
    [InlineData("mediawiki", "'[{]'")]
    [InlineData("deki", "'nonsense'")]
    [InlineData("deki", "''")]
    [InlineData("deki", "'i' || char(10) || 'c' || char(10) || char(10) || 'o' || char(10) || '99' || char(10)")]
    [InlineData("deki", "'i' || char(10) || 'c' || char(10) || char(10) || 'o' || char(10) || 'x' || char(10)")]
    public async Task RowOfAnotherForm_IsParked(string dialect, string events)
    {
        await using var database = await databases.CreateAsync(OutboxDatabaseKind.Sqlite);
        await RelayRun.SeedAsync(database);
        await database.ExecuteAsync(
            $"""
            INSERT INTO outbox (dialect, service, created, events)
            VALUES ('{dialect}', '{(dialect == "deki" ? "deki" : "eventbus")}', 0, CAST({events} AS BLOB))
            """);
        await RelayRun.SeedAsync(database, 1);

        await using var run = await RelayRun.StartAsync(
            database, (_, _) => new StubAnswer(201), DekiRun.Configure, DekiRun.AddServices);
        await run.UntilLoggedAsync("is parked");
        await run.Clock.UntilAsync(() => run.Bodies.Any(body => body.StartsWith('[')));

        var parked = (await run.Wiki.Administration.ListParkedAsync(cancellationToken: TestTime.Token()))
            .ShouldHaveSingleItem();
        parked.Message.ShouldBe("The row cannot be read.");
        await Should.ThrowAsync<ArgumentException>(
            run.Wiki.Administration.RetryParkedAsync(parked.Id, "x"u8.ToArray(), TestTime.Token()));
        (await run.Wiki.Administration.DropParkedAsync(parked.Id, TestTime.Token())).ShouldBeTrue();
    }
}
