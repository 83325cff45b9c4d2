using System.Data.Common;
using System.Text;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;
using WikiBus.Events.MediaWiki;
using WikiBus.FunctionalTests.Infrastructure;
using WikiBus.Producer;

namespace WikiBus.FunctionalTests.Outbox;

/// <summary>
/// A wiki in this process, which writes and relays. It has a clock of its own, so a test can stop its relay's time.
/// Disposing fails the test if it logged an Error that <see cref="Errors"/> does not expect.
/// </summary>
internal sealed class WikiWithOutbox : IAsyncDisposable
{
    // A test lets the clock go on while the relay is held. Its request does not end then.
    private static readonly TimeSpan s_timeout = TimeSpan.FromHours(1);

    private readonly IHost _host;
    private readonly DbDataSource _source;

    private WikiWithOutbox(IHost host, DbDataSource source, FakeTimeProvider clock, ErrorRecorder errors) =>
        (_host, _source, Clock, Errors) = (host, source, clock, errors);

    public FakeTimeProvider Clock { get; }

    public ErrorRecorder Errors { get; }

    public IOutboxAdministration Administration => _host.Services.GetRequiredService<IOutboxAdministration>();

    /// <param name="database">Its database.</param>
    /// <param name="bus">The bus.</param>
    /// <param name="gate">Holds its relay.</param>
    /// <param name="settings">More settings of the connections.</param>
    /// <param name="time">The time at the start; the machine's if it is null.</param>
    public static async Task<WikiWithOutbox> StartAsync(
        OutboxDatabase database, Uri bus, AnswerGate? gate = null, string settings = "", DateTimeOffset? time = null)
    {
        var clock = new FakeTimeProvider(time ?? TimeProvider.System.GetUtcNow());
        var errors = new ErrorRecorder();
        var source = database.CreateSource(settings);
        var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
        builder.Logging.AddProvider(errors);
        builder.Services.AddSingleton<TimeProvider>(clock);
        builder.Services.AddWikiBusProducer(options =>
        {
            options.Wiki = new WikiOptions
            {
                Database = "testwiki", ServerName = "wiki.example.org", CanonicalServer = "https://wiki.example.org",
            };
            options.Services["eventbus"] = new EventServiceOptions
            {
                Url = new Uri(bus, "/v1/events").AbsoluteUri, Timeout = s_timeout,
            };
            options.PurgeStream = "resource-purge";
            options.SecretKeys.Add("only-for-this-test");
        }).AddWikiBusOutbox(database.Kind, _ => source);
        builder.Services.AddHealthChecks().AddWikiBusOutbox();
        if (gate is not null)
        {
            builder.Services.AddHttpClient("WikiBus.Producer").AddHttpMessageHandler(gate.CreateHandler);
        }

        var host = builder.Build();
        await host.StartAsync(TestTime.Token());
        return new WikiWithOutbox(host, source, clock, errors);
    }

    /// <summary>Commits a change with an event of a page, a purge and a job, which have its name.</summary>
    public Task ChangeAsync(string name) => ChangeAsync(async services =>
    {
        var publisher = services.GetRequiredService<IWikiEventPublisher>();
        publisher.Publish(publisher.Events.PagePurge(publisher.NewContext(), new WikiPage { Id = 1, Title = name }));
        await services.GetRequiredService<ICdnPurger>().PurgeAsync(
            [$"https://wiki.example.org/wiki/{name}"], TestTime.Token());
        await services.GetRequiredService<IJobQueue>().PushAsync(
            new WikiJob { Type = "refreshLinks", Parameters = JsonSerializer.SerializeToElement(new { name }) },
            TestTime.Token());
    });

    /// <summary>Commits a change with an event that the bus finds invalid.</summary>
    public Task ChangeWithInvalidEventAsync() => ChangeAsync(services =>
    {
        var id = Guid.CreateVersion7(Clock.GetUtcNow());
        services.GetRequiredService<IWikiEventPublisher>().Publish(new MediaWikiEvent(
            "resource_change",
            EventKinds.Event,
            id,
            Encoding.UTF8.GetBytes($$"""
                {"$schema":"/resource_change/1.0.0","meta":{"stream":"resource_change","id":"{{id}}"},"tags":5}
                """)));
        return Task.CompletedTask;
    });

    /// <summary>What its health check says.</summary>
    public async Task<HealthReportEntry> CheckHealthAsync() =>
        (await _host.Services.GetRequiredService<HealthCheckService>().CheckHealthAsync(TestTime.Token()))
            .Entries["wikibus_outbox"];

    /// <summary>Whether its relay sends.</summary>
    public async Task<bool> IsLeadingAsync() => (await CheckHealthAsync()).Data["is_leading"] is true;

    /// <summary>Lets its time go on, second by second, until something is so.</summary>
    public async Task AdvanceUntilAsync(Func<Task<bool>> condition)
    {
        using var limit = new CancellationTokenSource(TestTime.Limit);
        while (!await condition())
        {
            Clock.Advance(TimeSpan.FromSeconds(1));
            await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System, limit.Token);
        }
    }

    /// <summary>Ends it without letting the relay end its request, as a crash does.</summary>
    public Task CutOffAsync() => _host.StopAsync(new CancellationToken(canceled: true)).WaitAsync(TestTime.Limit);

    /// <summary>Stops it, as its operator does.</summary>
    public Task StopAsync() => _host.StopAsync(TestTime.Token());

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        _host.Dispose();
        await _source.DisposeAsync();
        Errors.UnexpectedErrors.ShouldBeEmpty();
    }

    private async Task ChangeAsync(Func<IServiceProvider, Task> publish)
    {
        await using var scope = _host.Services.CreateAsyncScope();
        await using var connection = await _source.OpenConnectionAsync(TestTime.Token());
        await using var transaction = await scope.ServiceProvider.GetRequiredService<IOutbox>()
            .BeginTransactionAsync(connection, cancellationToken: TestTime.Token());
        await publish(scope.ServiceProvider);
        await transaction.CommitAsync(TestTime.Token());
    }
}
