using WikiBus.Server.Deliveries.Settings;

namespace WikiBus.Server.Deliveries.Guard;

/// <summary>Adds the guard, and the sender behind it.</summary>
internal static class GuardServices
{
    public static IServiceCollection AddGuard(this IServiceCollection services)
    {
        services.AddSingleton<INetwork, SystemNetwork>();
        services.AddSingleton<AddressRules>();
        services.AddSingleton<TargetUrl>();
        services.AddSingleton<GuardedConnector>();
        services.AddSingleton(static provider =>
            new TargetCertificates(provider.GetRequiredService<DeliveriesOptions>().CaFile));
        services.AddSingleton<GuardedClients>();
        services.AddSingleton<GuardedSender>();
        return services;
    }
}
