using Microsoft.Extensions.DependencyInjection.Extensions;
using WikiBus.Server.Deliveries.Guard;
using WikiBus.Server.Deliveries.Lanes;
using WikiBus.Server.Deliveries.Sending;
using WikiBus.Server.Deliveries.Settings;
using WikiBus.Server.Deliveries.Tables;
using WikiBus.Server.Options;

namespace WikiBus.Server.Deliveries;

/// <summary>Adds the engine of deliveries. Features register an <see cref="IDeliveryFeature"/> each.</summary>
internal static class DeliveriesServices
{
    public static IServiceCollection AddDeliveries(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddFeatureOptions<DeliveriesOptions>(configuration);
        services.AddGuard();
        services.AddMetrics();
        services.AddSingleton(DeliveryTables.Schema);
        services.AddSingleton<DeliveriesDiagnostics>();
        services.AddSingleton<SubscriptionOwners>();
        services.AddSingleton<SubscriptionBook>();
        services.TryAddSingleton(static _ => new Random());
        services.AddSingleton<LaneParts>();
        services.AddSingleton<Committer>();
        services.AddSingleton<DeliveryEngine>();
        services.AddSingleton<Subscriptions>();
        services.AddSingleton<DeliveryMetrics>();
        services.AddHostedService(static provider =>
        {
            // They only have to exist: the collector observes them from now on.
            provider.GetRequiredService<DeliveryMetrics>();
            return provider.GetRequiredService<DeliveryEngine>();
        });
        return services;
    }
}
