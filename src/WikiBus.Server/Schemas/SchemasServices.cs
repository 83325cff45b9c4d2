using WikiBus.Schemas;
using WikiBus.Server.Http;
using WikiBus.Server.Options;

namespace WikiBus.Server.Schemas;

/// <summary>Registers the schemas and their route.</summary>
internal static class SchemasServices
{
    /// <summary>Adds the singleton <see cref="SchemaRepository"/>.</summary>
    /// <param name="services">The services to add to.</param>
    /// <param name="configuration">Holds the section <c>Schemas</c>.</param>
    /// <param name="data">The data directory; its folder <c>schemas</c> keeps copies of fetched schemas.</param>
    public static IServiceCollection AddSchemas(
        this IServiceCollection services, IConfiguration configuration, string data)
    {
        var options = services.AddFeatureOptions<SchemasOptions>(configuration);
        services.AddSingleton(new SpecSection(SchemasSpec.Paths));
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
