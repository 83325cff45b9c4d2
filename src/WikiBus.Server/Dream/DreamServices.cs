using WikiBus.Server.Access.Keys;
using WikiBus.Server.Deliveries.Sending;
using WikiBus.Server.Dream.Sending;
using WikiBus.Server.Dream.Authorization;
using WikiBus.Server.Dream.Chains;
using WikiBus.Server.Dream.Notices;
using WikiBus.Server.Dream.Publishing;
using WikiBus.Server.Dream.Settings;
using WikiBus.Server.Dream.Subscribers;
using WikiBus.Server.Dream.Tables;
using WikiBus.Server.Dream.Uris;
using WikiBus.Server.Http;
using WikiBus.Server.Options;

namespace WikiBus.Server.Dream;

/// <summary>Adds Dream's pub/sub service.</summary>
internal static class DreamServices
{
    public static IServiceCollection AddDream(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddFeatureOptions<DreamOptions>(configuration);
        services.AddFeatureOptions<DekiOptions>(configuration);
        services.AddSingleton(SetTable.Schema);
        var links = ReadLinks(services, configuration);
        services.AddSingleton(links);
        services.AddSingleton(new ConfiguredPublishers(links.All.Where(static link => link.IsUpstream)
            .Select(static link => CombinedSets.PublisherIdOf(link.OwnerHere)).ToHashSet(StringComparer.Ordinal)));
        services.AddSingleton<OwnUris>();
        services.AddSingleton<PublicUri>();
        services.AddSingleton<DekiCalls>();
        services.AddSingleton<DekiApi>();
        services.AddSingleton<PageRights>();
        services.AddSingleton(static provider => new KnownSubscriptions(() =>
            provider.GetRequiredService<SetStore>().Book.All.SelectMany(static set => set.Set.Subscriptions)));
        services.AddSingleton<DekiAuthorization>();
        services.AddSingleton<DreamTargets>();
        services.AddSingleton<IDeliveryFeature, DreamFeature>();
        services.AddSingleton<SetDestinations>();
        services.AddSingleton<SetStore>();
        services.AddSingleton<SetBody>();
        services.AddSingleton<PublishRoute>();
        services.AddSingleton<SubscriberRoutes>();
        services.AddSingleton(new SpecSection(DreamSpec.Paths));
        services.AddSingleton<CombinedSets>();
        services.AddHostedService<SetKeeper>();
        services.AddSingleton<NoticeSender>();
        services.AddHostedService(static provider => provider.GetRequiredService<NoticeSender>());
        services.AddSingleton<ChainClient>();
        services.AddHostedService<ChainKeeper>();
        return services;
    }

    private static ChainLinks ReadLinks(IServiceCollection services, IConfiguration configuration)
    {
        var faults = services.OptionFaults();
        faults.Know(DreamOptions.Section, [ChainLinks.Upstream, ChainLinks.Downstream, "Deki"]);
        return ChainLinks.Read(configuration, faults);
    }
}
