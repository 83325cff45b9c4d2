using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using WikiBus.Producer;
using WikiBus.Producer.Deki;
using WikiBus.Producer.Outbox;
using WikiBus.Producer.Sending;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Adds what a wiki like MindTouch Deki needs to the producer of WikiBus.</summary>
public static class DekiServiceCollectionExtensions
{
    /// <summary>
    /// Adds <see cref="IDekiEventPublisher"/>, and announces the wiki's start and stop: <c>site/start</c>,
    /// <c>site/started</c>, <c>site/stop</c>. The settings are <see cref="ProducerOptions.Deki"/>, which are checked
    /// when the host starts.
    /// </summary>
    /// <param name="services">The services of the wiki, to which <c>AddWikiBusProducer</c> was applied.</param>
    /// <exception cref="InvalidOperationException"><c>AddWikiBusProducer</c> was not called before.</exception>
    public static IServiceCollection AddWikiBusDeki(this IServiceCollection services)
    {
        ArgumentNullException.ThrowIfNull(services);
        if (!services.Any(service => service.ServiceType == typeof(PostQueue)))
        {
            throw new InvalidOperationException("Call AddWikiBusProducer before AddWikiBusDeki.");
        }

        services.TryAddEnumerable(
            ServiceDescriptor.Singleton<IValidateOptions<ProducerOptions>, DekiOptionsValidator>());
        services.TryAddSingleton<DekiPosts>();
        if (services.Any(service => service.ServiceType == typeof(IOutbox)))
        {
            services.TryAddScoped<IDekiEventPublisher, OutboxDekiPublisher>();
        }

        services.TryAddScoped<IDekiEventPublisher, DekiEventPublisher>();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IHostedService, DekiSiteEvents>());
        return services;
    }
}
