using System.Data.Common;
using System.Text;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using WikiBus.Events.MediaWiki;

namespace WikiBus.Producer.Tests.Outbox;

/// <summary>Which events the transaction of a scope collects.</summary>
public sealed class CollectingTests(OutboxDatabases databases)
{
    public static TheoryData<OutboxDatabaseKind> Kinds => [OutboxDatabaseKind.Sqlite, OutboxDatabaseKind.PostgreSql];

    [Fact]
    public async Task EventOutsideOfATransaction_IsRefused()
    {
        await using var database = await databases.CreateAsync(OutboxDatabaseKind.Sqlite);
        await using var wiki = await OutboxWiki.StartAsync(database);

        await wiki.InScopeAsync(async (services, _) =>
        {
            var publisher = services.GetRequiredService<IWikiEventPublisher>();
            Should.Throw<InvalidOperationException>(() => publisher.Publish(OutboxWiki.NewEvent(publisher, 1)))
                .Message.ShouldContain("Outbox.OpensOwnTransaction");
            await Should.ThrowAsync<InvalidOperationException>(
                services.GetRequiredService<ICdnPurger>().PurgeAsync(["http://a/"], TestTime.Token()));
            await Should.ThrowAsync<InvalidOperationException>(
                services.GetRequiredService<IJobQueue>().PushAsync([Job("a")], TestTime.Token()));
        });

        wiki.Logs.Lines.ShouldNotContain(line => line.Level >= LogLevel.Warning);
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task EventOutsideOfATransaction_GetsItsOwn_IfTheSettingsSaySo(OutboxDatabaseKind kind)
    {
        await using var database = await databases.CreateAsync(kind);
        await using var wiki = await OutboxWiki.StartAsync(
            database, configure: options => options.Outbox.OpensOwnTransaction = true);

        await wiki.InScopeAsync(async (services, connection) =>
        {
            var publisher = services.GetRequiredService<IWikiEventPublisher>();
            publisher.Publish(OutboxWiki.NewEvent(publisher, 1));
            publisher.Publish(OutboxWiki.NewEvent(publisher, 2));
            (await database.CountAsync("outbox")).ShouldBe(0);
            await publisher.FlushAsync(TestTime.Token());
            (await database.CountAsync("outbox")).ShouldBe(1);
            await services.GetRequiredService<IJobQueue>().PushAsync([Job("a")], TestTime.Token());
            (await services.GetRequiredService<ICdnPurger>().PurgeAsync(["http://a/"], TestTime.Token()))
                .IsSuccess.ShouldBeTrue();
            (await database.CountAsync("outbox")).ShouldBe(3);

            // What waits outside must not open a second transaction, which SQLite would lock out.
            publisher.Publish(OutboxWiki.NewEvent(publisher, 3));
            await using (var transaction = await services.GetRequiredService<IOutbox>().BeginTransactionAsync(
                connection, cancellationToken: TestTime.Token()))
            {
                await services.GetRequiredService<IJobQueue>().PushAsync([Job("a")], TestTime.Token());
                await transaction.CommitAsync(TestTime.Token());
            }

            await publisher.FlushAsync(TestTime.Token());
            (await database.CountAsync("outbox")).ShouldBe(5);
        });

        wiki.Logs.Lines.ShouldNotContain(line => line.Level >= LogLevel.Warning);
    }

    [Fact]
    public async Task EventAfterTheEndOfTheScope_IsRefused()
    {
        await using var database = await databases.CreateAsync(OutboxDatabaseKind.Sqlite);
        await using var wiki = await OutboxWiki.StartAsync(
            database, configure: options => options.Outbox.OpensOwnTransaction = true);
        IWikiEventPublisher publisher = null!;

        await wiki.InScopeAsync((services, _) =>
        {
            publisher = services.GetRequiredService<IWikiEventPublisher>();
            return Task.CompletedTask;
        });

        Should.Throw<ObjectDisposedException>(() => publisher.Publish(TestEvents.Event()));
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task OwnTransaction_IsEnlisted_SavedOrDiscarded(OutboxDatabaseKind kind)
    {
        await using var database = await databases.CreateAsync(kind);
        await using var wiki = await OutboxWiki.StartAsync(database);

        await wiki.InScopeAsync(async (services, connection) =>
        {
            var outbox = services.GetRequiredService<IOutbox>();
            await EnlistAsync(services, connection, 1, async transaction =>
            {
                Should.Throw<InvalidOperationException>(() => outbox.Enlist(transaction));
                await outbox.SaveAsync(connection, transaction, TestTime.Token());
                await transaction.CommitAsync(TestTime.Token());
            });
            await EnlistAsync(services, connection, 2, async transaction =>
            {
                await transaction.RollbackAsync(TestTime.Token());
                outbox.Discard();
            });
            await EnlistAsync(services, connection, 3, async transaction =>
            {
                await outbox.SaveAsync(connection, transaction, TestTime.Token());
                await transaction.RollbackAsync(TestTime.Token());
            });
            await EnlistAsync(services, connection, 4, async transaction =>
            {
                outbox.Discard();
                await transaction.RollbackAsync(TestTime.Token());
            });
            await EnlistAsync(services, connection, 5, async transaction =>
            {
                await outbox.SaveAsync(connection, transaction, TestTime.Token());
                await transaction.CommitAsync(TestTime.Token());
            });
        });

        (await database.CountAsync("outbox")).ShouldBe(2);
        wiki.Logs.Lines.ShouldNotContain(line => line.Level >= LogLevel.Warning);
    }

    [Fact]
    public async Task EventsThatAreNeverSaved_AreAnError_AndCounted()
    {
        await using var database = await databases.CreateAsync(OutboxDatabaseKind.Sqlite);
        using var metrics = new TestMetrics();
        await using var wiki = await OutboxWiki.StartAsync(database, services: metrics.Register);

        await wiki.InScopeAsync((services, connection) => EnlistAsync(
            services, connection, 2, transaction => transaction.CommitAsync(TestTime.Token())));

        wiki.Logs.Lines.Where(line => line.Level >= LogLevel.Warning).ShouldBe([(
            LogLevel.Error,
            "1 events were published and never saved, so they are lost; commit their transaction with "
                + "OutboxTransaction or a DbContext, or call IOutbox.SaveAsync before the commit")]);
        metrics.Sum("wikibus.outbox.unsaved").ShouldBe(1);
        (await database.CountAsync("outbox")).ShouldBe(0);
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task RollBack_ToASavepoint_ForgetsTheEventsAfterIt(OutboxDatabaseKind kind)
    {
        await using var database = await databases.CreateAsync(kind);
        await using var wiki = await OutboxWiki.StartAsync(database);
        var (first, second, third) = (TestEvents.Event(), TestEvents.Event(), TestEvents.Event());

        await wiki.InScopeAsync(async (services, connection) =>
        {
            var publisher = services.GetRequiredService<IWikiEventPublisher>();
            await using var transaction = await services.GetRequiredService<IOutbox>().BeginTransactionAsync(
                connection, cancellationToken: TestTime.Token());
            publisher.Publish(first);
            await transaction.SaveAsync("a", TestTime.Token());
            publisher.Publish(second);
            await transaction.RollbackAsync("a", TestTime.Token());
            publisher.Publish(third);
            await transaction.CommitAsync(TestTime.Token());
        });

        Encoding.UTF8.GetString((byte[])(await database.ScalarAsync("SELECT events FROM outbox"))!)
            .ShouldBe($"[{Encoding.UTF8.GetString(first.Json.Span)},{Encoding.UTF8.GetString(third.Json.Span)}]");
        wiki.Logs.Lines.ShouldNotContain(line => line.Level >= LogLevel.Warning);
    }

    [Fact]
    public async Task EventsThatAreNotEnabled_AreLeftOut_AndJobsThrow()
    {
        await using var database = await databases.CreateAsync(OutboxDatabaseKind.Sqlite);
        await using var wiki = await OutboxWiki.StartAsync(database, configure: options =>
        {
            options.EnabledKinds = EventKinds.Event | EventKinds.Job;
            options.Streams = new Dictionary<string, StreamOptions>(StringComparer.Ordinal)
            {
                ["s"] = new(), ["mediawiki.job.a"] = new(),
            };
        });

        await wiki.InScopeAsync(async (services, connection) =>
        {
            await using var transaction = await services.GetRequiredService<IOutbox>().BeginTransactionAsync(
                connection, cancellationToken: TestTime.Token());
            services.GetRequiredService<IWikiEventPublisher>().Publish(
                TestEvents.Event(), TestEvents.Event("other"), TestEvents.Event(kind: EventKinds.Purge));
            var exception = await Should.ThrowAsync<JobQueueException>(services.GetRequiredService<IJobQueue>()
                .PushAsync([Job("a"), Job("b")], TestTime.Token()));
            exception.Stream.ShouldBe("mediawiki.job.b");
            (await services.GetRequiredService<ICdnPurger>().PurgeAsync(["http://a/"], TestTime.Token()))
                .NotSentCount.ShouldBe(1);
            await transaction.CommitAsync(TestTime.Token());
        });

        var events = Encoding.UTF8.GetString((byte[])(await database.ScalarAsync("SELECT events FROM outbox"))!);
        RelayRun.IdsOf(events).Length.ShouldBe(2);
        events.ShouldContain("mediawiki.job.a");
    }

    public static TheoryData<string, string> OddEvents => new()
    {
        { "", "is not JSON" },
        { "{", "is not JSON" },
        { "{} {}", "is not JSON" },
        { "{} // a", "is not JSON" },
        { "null", "must be an object whose meta.stream and meta.id are its own" },
        { "[]", "must be an object" },
        { "{}", "must be an object" },
        { """{"meta":5}""", "must be an object" },
        { """{"meta":{"stream":"s","id":5}}""", "must be an object" },
        { """{"meta":{"stream":"t","id":"ID"}}""", "must be an object" },
        { """{"meta":{"stream":"s","id":"00000000-0000-0000-0000-000000000001"}}""", "must be an object" },
        { """{"meta":{"stream":"\ud800","id":"ID"}}""", "must be an object" },
        { """{"meta":{"stream":"s","id":"ID"},"a":DEEP}""", "is not JSON" },
        { """{"meta":{"stream":"s","id":"ID"},"a":"BYTE"}""", "is not UTF-8" },
    };

    [Theory]
    [MemberData(nameof(OddEvents))]
    public async Task EventThatNoServiceCanRead_IsRefusedWithTheOthers(string json, string message)
    {
        await using var database = await databases.CreateAsync(OutboxDatabaseKind.Sqlite);
        await using var wiki = await OutboxWiki.StartAsync(database);
        var id = Guid.CreateVersion7();
        var text = json.Replace("ID", $"{id}", StringComparison.Ordinal)
            .Replace("DEEP", new string('[', 512) + new string(']', 512), StringComparison.Ordinal);
        var bytes = Encoding.Latin1.GetBytes(text.Replace("BYTE", "\u00ff", StringComparison.Ordinal));

        await wiki.InScopeAsync(async (services, connection) =>
        {
            await using var transaction = await services.GetRequiredService<IOutbox>().BeginTransactionAsync(
                connection, cancellationToken: TestTime.Token());
            Should.Throw<ArgumentException>(() => services.GetRequiredService<IWikiEventPublisher>().Publish(
                TestEvents.Event(), new MediaWikiEvent("s", EventKinds.Event, id, bytes)))
                .Message.ShouldContain(message);
            await transaction.CommitAsync(TestTime.Token());
        });

        (await database.CountAsync("outbox")).ShouldBe(0);
    }

    [Fact]
    public async Task TooManyBytes_AreRefused()
    {
        await using var database = await databases.CreateAsync(OutboxDatabaseKind.Sqlite);
        await using var wiki = await OutboxWiki.StartAsync(
            database, configure: options => options.QueueBytesMax = 1000);

        await Should.ThrowAsync<InvalidOperationException>(
            wiki.PublishAsync(_ => [TestEvents.OfSize(600), TestEvents.OfSize(600)]));
        await wiki.PublishAsync(_ => [TestEvents.OfSize(600)]);

        (await database.CountAsync("outbox")).ShouldBe(1);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    [InlineData((64 << 20) + 1)]
    public async Task LimitOutOfItsRange_EndsTheStart(int bytesMax)
    {
        await using var database = await databases.CreateAsync(OutboxDatabaseKind.Sqlite);

        (await Should.ThrowAsync<OptionsValidationException>(OutboxWiki.StartAsync(
            database, configure: options => options.Outbox.BatchBytesMax = bytesMax)))
            .Message.ShouldBe($"Outbox.BatchBytesMax must be from 1 to 67108864; it is {bytesMax}.");
    }

    [Fact]
    public async Task HastyService_EndsTheStartUnlessItIsAccepted()
    {
        await using var database = await databases.CreateAsync(OutboxDatabaseKind.Sqlite);
        const string Url = "http://127.0.0.1:9/v1/events?a=b&hasty=true";

        (await Should.ThrowAsync<OptionsValidationException>(OutboxWiki.StartAsync(
            database, configure: options => options.Services["eventbus"].Url = Url)))
            .Message.ShouldStartWith("Services.eventbus.Url must not have hasty=true with the outbox");
        await using var wiki = await OutboxWiki.StartAsync(database, configure: options =>
        {
            options.Services["eventbus"].Url = Url;
            options.Outbox.AcceptHasty = true;
        });
    }

    [Fact]
    public async Task TestsOfAWiki_KeepWhatTheRelaySends()
    {
        await using var database = await databases.CreateAsync(OutboxDatabaseKind.Sqlite);
        await using var wiki = await OutboxWiki.StartAsync(
            database, "http://127.0.0.1:9/", services: services => services.AddWikiBusProducerTesting());

        var item = await wiki.ChangeAsync(page: 1);

        (await wiki.Services.GetRequiredService<PublishedEvents>().WaitAsync(1, TestTime.Token()))
            .ShouldHaveSingleItem().Text.ShouldBe(Encoding.UTF8.GetString(item.Json.Span));
    }

    private static WikiJob Job(string type) =>
        new() { Type = type, Parameters = JsonSerializer.SerializeToElement(new { n = 1 }) };

    private static async Task EnlistAsync(
        IServiceProvider services, DbConnection connection, long page, Func<DbTransaction, Task> end)
    {
        await using var transaction = await connection.BeginTransactionAsync(TestTime.Token());
        services.GetRequiredService<IOutbox>().Enlist(transaction);
        var publisher = services.GetRequiredService<IWikiEventPublisher>();
        publisher.Publish(OutboxWiki.NewEvent(publisher, page));
        await end(transaction);
    }
}
