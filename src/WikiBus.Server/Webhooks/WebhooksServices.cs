using WikiBus.Server.Deliveries.Guard;
using WikiBus.Server.Deliveries.Sending;
using WikiBus.Server.Deliveries.Settings;
using WikiBus.Server.Http;
using WikiBus.Server.Options;
using WikiBus.Server.Webhooks.Declared;
using WikiBus.Server.Webhooks.Definitions;
using WikiBus.Server.Webhooks.Places;
using WikiBus.Server.Webhooks.Sending;
using WikiBus.Server.Webhooks.Settings;

namespace WikiBus.Server.Webhooks;

/// <summary>Adds webhooks.</summary>
internal static class WebhooksServices
{
    public static IServiceCollection AddWebhooks(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddFeatureOptions<WebhooksOptions>(configuration);
        services.AddSingleton<WebhookFeature>();
        services.AddSingleton<IDeliveryFeature>(static provider => provider.GetRequiredService<WebhookFeature>());
        services.AddSingleton<LogPlaces>();
        services.AddSingleton<DefinitionRoutes>();
        services.AddSingleton<OperationRoutes>();
        services.AddSingleton(new SpecSection(WebhooksSpec.Paths) { Schemas = WebhooksSpec.Schemas });

        services.AddSingleton(new DeclaredWebhooks(ReadDeclared(services, configuration)));
        services.AddHostedService<DeclaredKeeper>();
        return services;
    }

    // The services do not exist yet, and faults of the configuration are reported together.
    private static IReadOnlyList<WebhookRequest> ReadDeclared(
        IServiceCollection services, IConfiguration configuration)
    {
        var deliveries = (DeliveriesOptions)services
            .Last(static service => service.ServiceType == typeof(DeliveriesOptions)).ImplementationInstance!;
        var networks = new TargetNetworks(deliveries.AllowedNetworks, []);
        var urls = new TargetUrl(new AddressRules(new SystemNetwork(), TimeProvider.System));
        return DeclaredReader.Read(configuration, urls, networks, services.OptionFaults());
    }
}
