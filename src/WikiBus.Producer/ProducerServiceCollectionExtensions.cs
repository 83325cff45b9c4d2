using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using WikiBus.Events.MediaWiki;
using WikiBus.Producer;
using WikiBus.Producer.Publishing;
using WikiBus.Producer.Sending;
using WikiBus.Producer.Settings;
using WikiBus.Producer.Testing;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Adds the producer of WikiBus to a wiki.</summary>
public static class ProducerServiceCollectionExtensions
{
    // EventBus has the same limit.
    private const int ConnectionsMax = 50;

    /// <summary>
    /// Adds the producer. The settings are checked when the host starts. Events are sent while the host runs.
    /// </summary>
    /// <param name="services">The services of the wiki.</param>
    /// <param name="configure">Sets the settings.</param>
    public static IServiceCollection AddWikiBusProducer(
        this IServiceCollection services, Action<ProducerOptions> configure)
    {
        ArgumentNullException.ThrowIfNull(configure);
        services.AddOptions<ProducerOptions>().Configure(configure);
        return services.AddProducer();
    }

    /// <summary>
    /// Adds the producer. The settings are checked when the host starts; a setting that does not exist is a fault.
    /// </summary>
    /// <param name="services">The services of the wiki.</param>
    /// <param name="section">The section with the settings, by the names of <see cref="ProducerOptions"/>.</param>
    public static IServiceCollection AddWikiBusProducer(this IServiceCollection services, IConfiguration section)
    {
        ArgumentNullException.ThrowIfNull(section);

        // Otherwise a stream or service with a wrong value would be left out, and its events would be lost.
        services.AddOptions<ProducerOptions>().Bind(section, binder => binder.ErrorOnUnknownConfiguration = true);
        return services.AddProducer();
    }

    /// <summary>
    /// For the tests of a wiki: keeps events in the service <see cref="PublishedEvents"/>, in place of sending them.
    /// The rest of the producer works as usual, with its settings.
    /// </summary>
    /// <param name="services">The services of the wiki, in which the producer is, too.</param>
    public static IServiceCollection AddWikiBusProducerTesting(this IServiceCollection services)
    {
        services.TryAddSingleton(new PublishedEvents());
        services.AddHttpClient(PostClient.HttpClientName)
            .AddHttpMessageHandler(provider =>
                new RecordingHandler(provider.GetRequiredService<PublishedEvents>()));
        return services;
    }

    private static IServiceCollection AddProducer(this IServiceCollection services)
    {
        services.AddOptions<ProducerOptions>().ValidateOnStart();
        services.AddMetrics();
        services.AddLogging();
        services.AddHttpContextAccessor();
        services.TryAddSingleton(TimeProvider.System);

        // A redirect could turn the POST into a GET, which a service answers with 200.
        services.AddHttpClient(PostClient.HttpClientName, client => client.Timeout = Timeout.InfiniteTimeSpan)
            .ConfigurePrimaryHttpMessageHandler(() => new SocketsHttpHandler
            {
                AllowAutoRedirect = false,
                UseCookies = false,
                MaxConnectionsPerServer = ConnectionsMax,
                PooledConnectionLifetime = TimeSpan.FromMinutes(2),
            })
            .RemoveAllLoggers();
        services.TryAddEnumerable(
            ServiceDescriptor.Singleton<IValidateOptions<ProducerOptions>, ProducerOptionsValidator>());
        services.TryAddSingleton<SendingDiagnostics>();
        services.TryAddSingleton<PostClient>();
        services.TryAddSingleton<EventRoutes>();
        services.TryAddSingleton<EventPosts>();
        services.TryAddSingleton<EventSender>();
        services.TryAddScoped<IEventSink>(provider => provider.GetRequiredService<EventSender>());
        services.TryAddSingleton<PostQueue>();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IHostedService, PostQueue>(
            provider => provider.GetRequiredService<PostQueue>()));
        services.TryAddSingleton(provider =>
        {
            var options = provider.GetRequiredService<IOptions<ProducerOptions>>().Value;
            return new MediaWikiEvents(
                options.Wiki.ToSite(), options.Generation, options.StreamNames.AsReadOnly());
        });
        services.TryAddScoped<RequestId>();
        services.TryAddScoped<IWikiEventPublisher, WikiEventPublisher>();
        services.TryAddScoped<ICdnPurger, CdnPurger>();
        services.AddJobs();
        return services;
    }
}
