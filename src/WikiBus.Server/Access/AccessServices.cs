using WikiBus.Server.Access.Keys;
using WikiBus.Server.Access.Networks;
using WikiBus.Server.Access.Rights;
using WikiBus.Server.Http;
using WikiBus.Server.Options;
using WikiBus.Server.State;

namespace WikiBus.Server.Access;

/// <summary>Adds access: keys, trusted networks, what is public.</summary>
internal static class AccessServices
{
    /// <param name="services">The services to add to.</param>
    /// <param name="configuration">Has the section <c>Access</c>.</param>
    /// <param name="data">The data directory, which holds the admin key.</param>
    public static IServiceCollection AddAccess(
        this IServiceCollection services, IConfiguration configuration, string data)
    {
        var options = services.AddFeatureOptions<AccessOptions>(configuration);
        services.AddSingleton(KeyTable.Schema);
        services.AddSingleton(_ => new PublicRules(options.PublicStreams, options.PublicWikis));
        services.AddSingleton(_ => new ClientAddress(options.TrustedNetworks, options.TrustedProxies));
        services.AddSingleton(_ => new TrustedHosts(options.TrustedHosts));
        services.AddSingleton(provider => new KeyStore(
            provider.GetRequiredService<StateDatabase>(),
            AdminKey.Open(data),
            options.ToKeyLimits(),
            provider.GetRequiredService<PublicRules>(),
            provider.GetRequiredService<ConfiguredPublishers>(),
            provider.GetRequiredService<TimeProvider>()));
        services.AddSingleton<PageSessions>();
        services.AddSingleton<AccessControl>();
        services.AddSingleton(new SpecSection(AccessSpec.Paths) { Schemas = AccessSpec.Schemas });
        return services;
    }

    public static IEndpointRouteBuilder MapAccess(this IEndpointRouteBuilder routes)
    {
        // Creates the admin key before the bus reports that it is ready, and not with the first request.
        routes.ServiceProvider.GetRequiredService<AccessControl>();
        return routes.MapKeys();
    }
}
