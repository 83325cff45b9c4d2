using System.Data.Common;
using System.Globalization;
using System.Text;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;
using WikiBus.Events.MediaWiki;
using WikiBus.FunctionalTests.Hostile;
using WikiBus.FunctionalTests.Infrastructure;
using WikiBus.Producer;

namespace WikiBus.FunctionalTests.Producing;

/// <summary>The outbox of a wiki with SQLite, and the real bus.</summary>
[Collection(AloneCollection.Name)]
public sealed class OutboxTests : IDisposable
{
    private const string Schema = "/resource_change/1.0.0";
    private const int GrowthMax = 32 << 20;
    private const string UnknownSchema = "/resource_change/7.0.0";
    private readonly TestDirectory _directory = new();

    [Theory]
    [InlineData("\"tags\":5", Schema, "'.tags' should be array")]
    [InlineData("\"tags\":[]", UnknownSchema, "")]
    public async Task OneBadEventAmongThousands_IsParkedAlone_AndArrivesCorrected(
        string members, string schema, string reason)
    {
        await using var server = await RunningServer.StartAsync();
        using var wiki = await StartAsync(new Uri(server.Address, "/v1/events"));
        var events = Enumerable.Range(0, 10_000).Select(i => i == 4321 ? Event(members, schema) : Event()).ToList();

        foreach (var row in events.Chunk(100))
        {
            await PublishAsync(wiki, row);
        }

        var administration = wiki.Services.GetRequiredService<IOutboxAdministration>();
        await TestTime.UntilAsync(async () =>
            (await administration.GetLevelsAsync(TestTime.Token())).All(level => level.Rows == 0));
        var parked = (await administration.ListParkedAsync(cancellationToken: TestTime.Token())).ShouldHaveSingleItem();
        parked.Stream.ShouldBe("resource_change");
        parked.Message.ShouldNotBeEmpty();
        parked.Message.ShouldContain(reason);
        (parked.RetryAt is null).ShouldBe(schema == Schema, "an error is sent again each minute");
        Encoding.UTF8.GetString(parked.Text.Span).ShouldBe(Encoding.UTF8.GetString(events[4321].Json.Span));
        IdsIn(server).ShouldBe(events.Where(item => item != events[4321]).Select(item => $"{item.Id}"));

        var corrected = Encoding.UTF8.GetBytes(Encoding.UTF8.GetString(parked.Text.Span)
            .Replace("\"tags\":5", "\"tags\":[]", StringComparison.Ordinal)
            .Replace(UnknownSchema, Schema, StringComparison.Ordinal));
        (await administration.RetryParkedAsync(parked.Id, corrected, TestTime.Token())).ShouldBeTrue();
        await TestTime.UntilAsync(async () => (await administration.GetLevelsAsync(TestTime.Token())).Count == 0);
        IdsIn(server).Skip(9_999).ShouldBe([$"{events[4321].Id}"]);
        await wiki.StopAsync(TestTime.Token());
    }

    [Fact]
    public async Task EventsOfALongOutage_WaitOutsideOfMemory_AndArriveInOrderWithoutAHand()
    {
        const int Changes = 100_000;
        var ids = new List<Guid>(Changes);
        await using var server = await RunningServer.StartAsync();
        var address = server.Address;
        await server.StopAsync();
        using var wiki = await StartAsync(new Uri(address, "/v1/events"));
        var idle = GC.GetTotalMemory(forceFullCollection: true);

        await InsertChangesAsync(wiki, Changes, ids);
        await PublishAsync(wiki, Event());
        var health = wiki.Services.GetRequiredService<HealthCheckService>();
        await TestTime.UntilAsync(async () =>
            (await CheckAsync(health)).Description?.Contains("eventbus: ", StringComparison.Ordinal) == true);
        var waiting = await CheckAsync(health);
        var growth = GC.GetTotalMemory(forceFullCollection: true) - idle;
        TestContext.Current.TestOutputHelper?.WriteLine($"{growth} bytes above idle");
        waiting.Status.ShouldBe(HealthStatus.Degraded);
        waiting.Data["rows"].ShouldBe(Changes + 1L);
        growth.ShouldBeLessThan(GrowthMax);

        await server.StartAgainAsync(("Hosting:Listen:0", address.GetLeftPart(UriPartial.Authority)));
        await TestTime.UntilAsync(async () => (await CheckAsync(health)) is { Status: HealthStatus.Healthy } entry
            && entry.Data["rows"] is 0L);
        await wiki.StopAsync(TestTime.Token());
        var arrived = IdsIn(server);
        arrived.Count.ShouldBe(Changes + 1);
        arrived.Take(Changes).SequenceEqual(ids.Select(id => $"{id}")).ShouldBeTrue("in the order of the changes");
    }

    public void Dispose()
    {
        SqliteConnection.ClearAllPools();
        _directory.Dispose();
    }

    private static MediaWikiEvent Event(string members = "\"tags\":[]", string schema = Schema)
    {
        var id = Guid.CreateVersion7();
        return new MediaWikiEvent("resource_change", EventKinds.Event, id, Encoding.UTF8.GetBytes(
            $$"""
            {"$schema":"{{schema}}","meta":{"uri":"http://a/","id":"{{id}}","stream":"resource_change"},{{members}}}
            """));
    }

    private static List<string> IdsIn(RunningServer server) => [.. StoredRecords.Read(server)
        .Where(record => record.Stream == "resource_change").Select(record => record.Id)];

    private static async Task PublishAsync(IHost wiki, params IReadOnlyList<MediaWikiEvent> events)
    {
        await using var scope = wiki.Services.CreateAsyncScope();
        await using var connection = await wiki.Services.GetRequiredService<DbDataSource>()
            .OpenConnectionAsync(TestTime.Token());
        await using var transaction = await scope.ServiceProvider.GetRequiredService<IOutbox>()
            .BeginTransactionAsync(connection, cancellationToken: TestTime.Token());
        scope.ServiceProvider.GetRequiredService<IWikiEventPublisher>().Publish(events);
        await transaction.CommitAsync(TestTime.Token());
    }

    // The rows that as many transactions would write, in a single one. Together they have more bytes than GrowthMax.
    private static async Task InsertChangesAsync(IHost wiki, int count, List<Guid> ids)
    {
        // A token for each row would take more memory than the events of the relay.
        var limit = TestTime.Token();
        await using var connection = await wiki.Services.GetRequiredService<DbDataSource>()
            .OpenConnectionAsync(limit);
        await using var transaction = await connection.BeginTransactionAsync(limit);
        await using var insert = connection.CreateCommand();
        insert.Transaction = transaction;
        insert.CommandText =
            """
            INSERT INTO outbox (dialect, service, created, events) VALUES ('mediawiki', 'eventbus', @created, @events)
            """;
        var events = new SqliteParameter("@events", SqliteType.Blob);
        var now = TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds();
        insert.Parameters.Add(new SqliteParameter("@created", now));
        insert.Parameters.Add(events);
        var tags = $"\"tags\":[\"{new string('a', 400)}\"]";
        for (var i = 0; i < count; i++)
        {
            var item = Event(tags);
            ids.Add(item.Id);
            events.Value = (byte[])[(byte)'[', .. item.Json.Span, (byte)']'];
            await insert.ExecuteNonQueryAsync(limit);
        }

        await transaction.CommitAsync(limit);
    }

    private static async Task<HealthReportEntry> CheckAsync(HealthCheckService health) =>
        (await health.CheckHealthAsync(TestTime.Token())).Entries["wikibus_outbox"];

    private async Task<IHost> StartAsync(Uri url)
    {
        var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
        var text = string.Create(CultureInfo.InvariantCulture, $"Data Source={_directory.Combine("wiki.db")}");
        builder.Services.AddSingleton<DbDataSource>(SqliteFactory.Instance.CreateDataSource(text));
        builder.Services.AddWikiBusProducer(options =>
        {
            options.Wiki.Database = "testwiki";
            options.Wiki.ServerName = "wiki.example.org";
            options.Wiki.CanonicalServer = "https://wiki.example.org";
            options.Services["eventbus"] = new EventServiceOptions { Url = url.AbsoluteUri };
        }).AddWikiBusOutbox(OutboxDatabaseKind.Sqlite, services => services.GetRequiredService<DbDataSource>());
        builder.Services.AddHealthChecks().AddWikiBusOutbox();
        var host = builder.Build();
        await host.StartAsync(TestTime.Token());
        return host;
    }
}
