using WikiBus.Server.Options;
using WikiBus.Server.State;

namespace WikiBus.Server.Access;

/// <summary>Adds access: keys, trusted networks, what is public.</summary>
internal static class AccessServices
{
    /// <param name="services">What is added to.</param>
    /// <param name="configuration">Has the section <c>Access</c>.</param>
    /// <param name="data">The data directory, where the admin key is kept.</param>
    public static IServiceCollection AddAccess(
        this IServiceCollection services, IConfiguration configuration, string data)
    {
        services.AddFeatureOptions<AccessOptions>(configuration);
        services.AddSingleton(KeyTable.Schema);
        services.AddSingleton<PublicRules>();
        services.AddSingleton<ClientAddress>();
        services.AddSingleton(provider => new KeyStore(
            provider.GetRequiredService<StateDatabase>(),
            AdminKey.Open(data),
            provider.GetRequiredService<AccessOptions>(),
            provider.GetRequiredService<PublicRules>(),
            provider.GetRequiredService<TimeProvider>()));
        services.AddSingleton<AccessControl>();
        return services;
    }

    public static IEndpointRouteBuilder MapAccess(this IEndpointRouteBuilder routes)
    {
        // Now and not with the first request, so that the admin key is there when the bus says that it is ready.
        routes.ServiceProvider.GetRequiredService<AccessControl>();
        return routes.MapKeys();
    }
}
