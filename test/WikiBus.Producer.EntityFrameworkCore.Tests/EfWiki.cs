using System.Globalization;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace WikiBus.Producer.EntityFrameworkCore.Tests;

/// <summary>A wiki with Entity Framework and an outbox.</summary>
internal sealed class EfWiki(IHost host, OutboxTestDatabase database) : IAsyncDisposable
{
    /// <summary>Both databases, each with the synchronous and the asynchronous methods.</summary>
    public static TheoryData<OutboxDatabaseKind, bool> Ways => new()
    {
        { OutboxDatabaseKind.Sqlite, false },
        { OutboxDatabaseKind.Sqlite, true },
        { OutboxDatabaseKind.PostgreSql, false },
        { OutboxDatabaseKind.PostgreSql, true },
    };

    public IServiceProvider Services => host.Services;

    public OutboxTestDatabase Database => database;

    public TestLogs Logs { get; } = host.Services.GetRequiredService<TestLogs>();

    public TestMetrics Metrics { get; } = (TestMetrics)host.Services
        .GetRequiredService<System.Diagnostics.Metrics.IMeterFactory>();

    /// <param name="database">Its database.</param>
    /// <param name="options">Changes the options of the context, after the outbox.</param>
    /// <param name="url">The service <c>eventbus</c>; null runs no relay.</param>
    /// <param name="configure">Changes the settings.</param>
    public static async Task<EfWiki> StartAsync(
        OutboxTestDatabase database,
        Action<DbContextOptionsBuilder>? options = null,
        string? url = null,
        Action<ProducerOptions>? configure = null)
    {
        var builder = NewBuilder(database, url, configure);
        builder.Services.AddDbContext<WikiContext>((services, context) =>
        {
            UseDatabase(context, database).UseWikiBusOutbox(services);
            options?.Invoke(context);
        });
        var wiki = new EfWiki(builder.Build(), database);
        await using (var scope = wiki.Services.CreateAsyncScope())
        {
            await scope.ServiceProvider.GetRequiredService<WikiContext>().Database.EnsureCreatedAsync(TestTime.Token());
        }

        await wiki.Services.GetRequiredService<IHost>().StartAsync(TestTime.Token());
        return wiki;
    }

    public static HostApplicationBuilder NewBuilder(
        OutboxTestDatabase database, string? url = null, Action<ProducerOptions>? configure = null)
    {
        var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
        var logs = new TestLogs();
        logs.Register(builder.Services);
        builder.Services.AddSingleton(logs);
        new TestMetrics().Register(builder.Services);
        builder.Services.AddWikiBusProducer(producer =>
        {
            TestProducer.Configure(producer, url ?? "http://127.0.0.1:9/v1/events");
            producer.Outbox.RunsRelay = url is not null;
            configure?.Invoke(producer);
        }).AddWikiBusOutbox(database.Kind, _ => database.Source);
        return builder;
    }

    public static DbContextOptionsBuilder UseDatabase(DbContextOptionsBuilder options, OutboxTestDatabase database) =>
        database.Kind == OutboxDatabaseKind.Sqlite
            ? options.UseSqlite(database.ConnectionString)
            : options.UseNpgsql(database.ConnectionString);

    /// <summary>Does something in a scope of its own.</summary>
    public async Task InScopeAsync(Func<EfScope, Task> action, bool isAsync = true)
    {
        await using var scope = Services.CreateAsyncScope();
        await action(new EfScope(scope.ServiceProvider, isAsync));
    }

    /// <summary>The rows of the outbox, each as the ids of its events.</summary>
    public async Task<List<List<Guid>>> RowsAsync()
    {
        await using var connection = await database.Source.OpenConnectionAsync(TestTime.Token());
        await using var command = connection.CreateCommand();
        command.CommandText = "SELECT events FROM outbox ORDER BY id";
        await using var reader = await command.ExecuteReaderAsync(TestTime.Token());
        var rows = new List<List<Guid>>();
        while (await reader.ReadAsync(TestTime.Token()))
        {
            using var row = JsonDocument.Parse(reader.GetFieldValue<byte[]>(0));
            rows.Add([.. row.RootElement.EnumerateArray()
                .Select(item => item.GetProperty("meta").GetProperty("id").GetGuid())]);
        }

        return rows;
    }

    /// <summary>The ids of the pages, in order.</summary>
    public async Task<List<long>> PagesAsync()
    {
        List<long> pages = [];
        await InScopeAsync(async scope => pages = await scope.Context.Pages.Select(page => page.Id)
            .Order().ToListAsync(TestTime.Token()));
        return pages;
    }

    /// <summary>How many Errors there are, and how many events were lost.</summary>
    public string Losses() => string.Create(
        CultureInfo.InvariantCulture,
        $"{Logs.Lines.Count(line => line.Level >= Microsoft.Extensions.Logging.LogLevel.Warning)} "
        + $"{Metrics.Sum("wikibus.outbox.unsaved")}");

    public async ValueTask DisposeAsync()
    {
        await host.StopAsync(TestTime.Token());
        host.Dispose();
    }
}
