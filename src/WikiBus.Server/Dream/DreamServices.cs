using WikiBus.Server.Deliveries.Sending;
using WikiBus.Server.Dream.Sending;
using WikiBus.Server.Dream.Settings;
using WikiBus.Server.Dream.Subscribers;
using WikiBus.Server.Dream.Tables;
using WikiBus.Server.Dream.Uris;
using WikiBus.Server.Options;

namespace WikiBus.Server.Dream;

/// <summary>Adds Dream's pub/sub service.</summary>
internal static class DreamServices
{
    public static IServiceCollection AddDream(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddFeatureOptions<DreamOptions>(configuration);
        services.AddSingleton(SetTable.Schema);
        services.AddSingleton<OwnUris>();
        services.AddSingleton<PublicUri>();
        services.AddSingleton<IDeliveryFeature, DreamFeature>();
        services.AddSingleton<SetDestinations>();
        services.AddSingleton<SetStore>();
        services.AddSingleton<SetBody>();
        services.AddSingleton<SubscriberRoutes>();
        services.AddHostedService<SetKeeper>();
        return services;
    }
}
