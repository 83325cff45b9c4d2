using System.Data.Common;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;
using WikiBus.Events.MediaWiki;

namespace WikiBus.Producer.Tests.Outbox;

/// <summary>A wiki with an outbox: its host, and actions of its users.</summary>
internal sealed class OutboxWiki(IHost host, OutboxTestDatabase database) : IAsyncDisposable
{
    public IServiceProvider Services => host.Services;

    public OutboxTestDatabase Database => database;

    public TestLogs Logs { get; } = host.Services.GetRequiredService<TestLogs>();

    public IOutboxAdministration Administration => Services.GetRequiredService<IOutboxAdministration>();

    /// <param name="database">Its database.</param>
    /// <param name="url">The service <c>eventbus</c>; null runs no relay.</param>
    /// <param name="configure">Changes the settings.</param>
    /// <param name="services">Adds services.</param>
    public static async Task<OutboxWiki> StartAsync(
        OutboxTestDatabase database,
        string? url = null,
        Action<ProducerOptions>? configure = null,
        Action<IServiceCollection>? services = null)
    {
        var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
        var logs = new TestLogs();
        logs.Register(builder.Services);
        builder.Services.AddSingleton(logs);
        builder.Services.AddWikiBusProducer(options =>
        {
            TestProducer.Configure(options, url ?? "http://127.0.0.1:9/v1/events");
            options.Outbox.RunsRelay = url is not null;
            options.PurgeStream = "resource-purge";
            options.SecretKeys.Add("secret");
            configure?.Invoke(options);
        }).AddWikiBusOutbox(database.Kind, _ => database.Source);
        builder.Services.AddHealthChecks().AddWikiBusOutbox();
        services?.Invoke(builder.Services);
        var host = builder.Build();
        await host.StartAsync(TestTime.Token());
        return new OutboxWiki(host, database);
    }

    /// <summary>Does something in a scope of its own, with an open connection.</summary>
    public async Task InScopeAsync(Func<IServiceProvider, DbConnection, Task> action)
    {
        await using var scope = Services.CreateAsyncScope();
        await using var connection = await database.Source.OpenConnectionAsync(TestTime.Token());
        await action(scope.ServiceProvider, connection);
    }

    /// <summary>A transaction with one event, which is committed or rolled back.</summary>
    public async Task<MediaWikiEvent> ChangeAsync(long page, bool isCommitted = true) =>
        (await PublishAsync(publisher => [NewEvent(publisher, page)], isCommitted))[0];

    /// <summary>A transaction with events, which is committed or rolled back.</summary>
    public async Task<IReadOnlyList<MediaWikiEvent>> PublishAsync(
        Func<IWikiEventPublisher, IReadOnlyList<MediaWikiEvent>> build, bool isCommitted = true)
    {
        IReadOnlyList<MediaWikiEvent> events = [];
        await InScopeAsync(async (services, connection) =>
        {
            await using var transaction = await services.GetRequiredService<IOutbox>().BeginTransactionAsync(
                connection, cancellationToken: TestTime.Token());
            var publisher = services.GetRequiredService<IWikiEventPublisher>();
            events = build(publisher);
            publisher.Publish(events);
            if (isCommitted)
            {
                await transaction.CommitAsync(TestTime.Token());
            }
        });
        return events;
    }

    /// <summary>What its health check says.</summary>
    public async Task<HealthReportEntry> CheckHealthAsync() =>
        (await Services.GetRequiredService<HealthCheckService>().CheckHealthAsync(TestTime.Token()))
        .Entries["wikibus_outbox"];

    public static MediaWikiEvent NewEvent(IWikiEventPublisher publisher, long page) =>
        publisher.Events.NullEdit(publisher.NewContext(), new WikiPage { Id = page, Title = $"Page {page}" });

    public async Task StopAsync() => await host.StopAsync(TestTime.Token());

    public async ValueTask DisposeAsync()
    {
        await host.StopAsync(TestTime.Token());
        host.Dispose();
    }
}
