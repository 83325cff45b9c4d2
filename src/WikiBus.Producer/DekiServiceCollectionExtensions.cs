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

    /// <summary>
    /// Registers a subscription at a pub/sub service of Dream when the host starts, so that it delivers events to
    /// <c>MapDekiRecipient</c>. A service that is away does not delay the start: the subscription is tried again after
    /// 1 s, doubling to 60 s.
    /// </summary>
    /// <param name="services">The services of the wiki.</param>
    /// <param name="configure">Sets the settings, which are checked when the host starts.</param>
    public static IServiceCollection AddDekiSubscription(
        this IServiceCollection services, Action<DekiSubscriptionOptions> configure)
    {
        ArgumentNullException.ThrowIfNull(services);
        ArgumentNullException.ThrowIfNull(configure);
        services.AddOptions<DekiSubscriptionOptions>().Configure(configure).ValidateOnStart();
        services.TryAddEnumerable(
            ServiceDescriptor.Singleton<IValidateOptions<DekiSubscriptionOptions>, DekiSubscriptionValidator>());
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IHostedService, DekiSubscriber>());
        return services;
    }
}
