using Microsoft.Extensions.DependencyInjection.Extensions;
using WikiBus.Server.Access.Keys;
using WikiBus.Server.Deliveries.Api;
using WikiBus.Server.Deliveries.DeadLetters;
using WikiBus.Server.Deliveries.Guard;
using WikiBus.Server.Deliveries.History;
using WikiBus.Server.Deliveries.Lanes;
using WikiBus.Server.Deliveries.Pruning;
using WikiBus.Server.Deliveries.Sending;
using WikiBus.Server.Deliveries.Settings;
using WikiBus.Server.Deliveries.Tables;
using WikiBus.Server.Deliveries.Why;
using WikiBus.Server.Http;
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
        services.AddSingleton<OwnerNetworks>();
        services.AddSingleton<SubscriptionBook>();
        services.TryAddSingleton(static _ => new Random());
        services.AddSingleton<LaneParts>();
        services.AddSingleton<Committer>();
        services.AddSingleton<DeliveryEngine>();
        services.AddSingleton<Subscriptions>();
        services.AddSingleton<DeliveryMetrics>();
        services.AddHostedService(static provider => provider.GetRequiredService<DeliveryEngine>());
        services.AddSingleton(new SpecSection(DeliveriesSpec.Paths) { Schemas = DeliveriesSpec.Schemas });
        services.AddSingleton<VisibleSubscriptions>();
        services.AddSingleton<DeadLetterStore>();
        services.AddSingleton<WhySearch>();
        services.AddSingleton<DeliveryPruning>();
        services.AddHostedService(static provider => provider.GetRequiredService<DeliveryPruning>());
        return services;
    }

    /// <summary>
    /// Maps the routes that are the same for all features, and looks at the subscriptions of a key again when the key
    /// changes.
    /// </summary>
    public static IEndpointRouteBuilder MapDeliveries(this IEndpointRouteBuilder routes)
    {
        var services = routes.ServiceProvider;

        // They only have to exist: the collector observes them from now on.
        services.GetRequiredService<DeliveryMetrics>();
        services.GetRequiredService<KeyStore>().Changed += services.GetRequiredService<Subscriptions>().OwnerChanged;
        return routes.MapDeadLetters().MapHistory().MapWhy();
    }
}
