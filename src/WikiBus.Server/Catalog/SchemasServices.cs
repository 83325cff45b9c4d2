using WikiBus.Schemas;
using WikiBus.Server.Options;

namespace WikiBus.Server.Catalog;

/// <summary>Registers the schemas.</summary>
internal static class SchemasServices
{
    /// <summary>Adds the singleton <see cref="SchemaRepository"/>.</summary>
    /// <param name="services">What is added to.</param>
    /// <param name="configuration">Has the section <c>Schemas</c>.</param>
    /// <param name="data">The data directory; copies of fetched schemas go below it.</param>
    public static IServiceCollection AddSchemas(
        this IServiceCollection services, IConfiguration configuration, string data)
    {
        var options = services.AddFeatureOptions<SchemasOptions>(configuration);
        return services.AddSingleton(provider =>
        {
            var logger = provider.GetRequiredService<ILogger<SchemaRepository>>();
            return new SchemaRepository(
                options.ToRepositoryOptions(
                    Path.Combine(data, "schemas"), failure => SchemasDiagnostics.Unreadable(logger, failure)),
                provider.GetRequiredService<TimeProvider>());
        });
    }

    /// <summary>Maps <c>GET /v1/schemas/{uri…}</c>.</summary>
    public static IEndpointRouteBuilder MapSchemas(this IEndpointRouteBuilder routes)
    {
        routes.MapMethods("/v1/schemas/{**uri}", [HttpMethods.Get, HttpMethods.Head], SchemaEndpoints.GetAsync);
        return routes;
    }
}
