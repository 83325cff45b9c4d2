using WikiBus.Server.Dream.Settings;
using WikiBus.Server.Options;

namespace WikiBus.Server.Dream;

/// <summary>Adds Dream's pub/sub service.</summary>
internal static class DreamServices
{
    public static IServiceCollection AddDream(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddFeatureOptions<DreamOptions>(configuration);
        return services;
    }

    /// <summary>Maps the routes below <see cref="DreamOptions.Path"/>.</summary>
    public static IEndpointRouteBuilder MapDream(this IEndpointRouteBuilder routes) => routes;
}
