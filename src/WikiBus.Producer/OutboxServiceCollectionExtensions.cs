using System.Data.Common;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using WikiBus.Producer;
using WikiBus.Producer.Deki;
using WikiBus.Producer.Outbox;
using WikiBus.Producer.Outbox.Databases;
using WikiBus.Producer.Outbox.Operation;
using WikiBus.Producer.Outbox.Relay;
using WikiBus.Producer.Sending;
using WikiBus.Producer.Settings;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Adds the outbox to the producer of WikiBus.</summary>
public static class OutboxServiceCollectionExtensions
{
    /// <summary>
    /// Adds <see cref="IOutbox"/>, the relay and <see cref="IOutboxAdministration"/>. From then on events, jobs and
    /// purges are stored in the database of the wiki, and sent after the commit. The settings are
    /// <see cref="ProducerOptions.Outbox"/>.
    /// </summary>
    /// <param name="services">
    /// The services of the wiki, to which <c>AddWikiBusProducer</c> was applied.
    /// </param>
    /// <param name="kind">The kind of the database.</param>
    /// <param name="source">
    /// Finds the database, as <c>services => services.GetRequiredService&lt;NpgsqlDataSource&gt;()</c>. With
    /// PostgreSQL, the relay that sends keeps two connections open and uses a third one now and then, so the pool needs
    /// at least three. Its connections cannot use <c>Multiplexing</c>, nor a proxy that gives each transaction another
    /// connection.
    /// </param>
    /// <exception cref="InvalidOperationException"><c>AddWikiBusProducer</c> was not called before.</exception>
    /// <exception cref="ArgumentOutOfRangeException">There is no such kind.</exception>
    public static IServiceCollection AddWikiBusOutbox(
        this IServiceCollection services, OutboxDatabaseKind kind, Func<IServiceProvider, DbDataSource> source)
    {
        ArgumentNullException.ThrowIfNull(services);
        ArgumentNullException.ThrowIfNull(source);
        if (!services.Any(service => service.ServiceType == typeof(PostQueue)))
        {
            throw new InvalidOperationException("Call AddWikiBusProducer before AddWikiBusOutbox.");
        }

        _ = SqlDialect.Of(kind);
        services.TryAddEnumerable(
            ServiceDescriptor.Singleton<IValidateOptions<ProducerOptions>, OutboxOptionsValidator>());
        services.TryAddSingleton(provider => new OutboxDatabase(kind, source(provider)));
        services.TryAddSingleton<OutboxSignal>();
        services.TryAddSingleton<OutboxDiagnostics>();
        services.TryAddSingleton<RelayState>();
        services.TryAddSingleton<OutboxLevels>();
        services.TryAddSingleton<IOutboxAdministration, OutboxAdministration>();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IHostedService, OutboxRelay>());
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IHostedService, OutboxNotifier>());

        services.TryAddSingleton<OutboxRoot>();
        services.TryAddScoped<OutboxScope>();
        services.TryAddScoped<IOutbox>(provider => provider.GetRequiredService<OutboxScope>());
        services.TryAddScoped<OutboxSink>();
        services.Replace(ServiceDescriptor.Scoped<IEventSink>(provider => provider.GetRequiredService<OutboxSink>()));
        services.Replace(ServiceDescriptor.Scoped<IWikiEventPublisher, OutboxPublisher>());
        if (services.Any(service => service.ServiceType == typeof(DekiPosts)))
        {
            services.Replace(ServiceDescriptor.Scoped<IDekiEventPublisher, OutboxDekiPublisher>());
        }

        return services;
    }
}
