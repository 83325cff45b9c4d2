using Microsoft.Extensions.DependencyInjection.Extensions;
using WikiBus.Server.Access.Keys;
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
        services.AddHostedService(static provider => provider.GetRequiredService<DeliveryEngine>());
        return services;
    }

    /// <summary>Looks at the subscriptions of a key again when the key changes.</summary>
    public static void UseDeliveries(this IServiceProvider services) =>
        services.GetRequiredService<KeyStore>().Changed += services.GetRequiredService<Subscriptions>().OwnerChanged;
}
