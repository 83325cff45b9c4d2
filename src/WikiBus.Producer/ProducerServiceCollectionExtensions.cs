using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using WikiBus.Producer;
using WikiBus.Producer.Sending;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Adds the producer of WikiBus to a wiki.</summary>
public static class ProducerServiceCollectionExtensions
{
    /// <summary>Adds the producer. The settings are checked when the host starts.</summary>
    /// <param name="services">The services of the wiki.</param>
    /// <param name="configure">Sets the settings.</param>
    public static IServiceCollection AddWikiBusProducer(
        this IServiceCollection services, Action<ProducerOptions> configure)
    {
        ArgumentNullException.ThrowIfNull(configure);
        services.AddOptions<ProducerOptions>().Configure(configure);
        return services.AddProducer();
    }

    /// <summary>Adds the producer. The settings are checked when the host starts.</summary>
    /// <param name="services">The services of the wiki.</param>
    /// <param name="section">The section with the settings, by the names of <see cref="ProducerOptions"/>.</param>
    public static IServiceCollection AddWikiBusProducer(this IServiceCollection services, IConfiguration section)
    {
        ArgumentNullException.ThrowIfNull(section);
        services.AddOptions<ProducerOptions>().Bind(section);
        return services.AddProducer();
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
                PooledConnectionLifetime = TimeSpan.FromMinutes(2),
            })
            .RemoveAllLoggers();
        services.TryAddSingleton<SendingDiagnostics>();
        services.TryAddSingleton<PostClient>();
        services.TryAddSingleton<EventSender>();
        services.TryAddSingleton<PostQueue>();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IHostedService, PostQueue>(
            provider => provider.GetRequiredService<PostQueue>()));
        return services;
    }
}
