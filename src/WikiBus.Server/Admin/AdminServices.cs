using WikiBus.Server.Http;

namespace WikiBus.Server.Admin;

/// <summary>Registers health, metrics and the page, and their routes.</summary>
internal static class AdminServices
{
    public static IServiceCollection AddAdmin(this IServiceCollection services) => services
        .AddMetrics()
        .AddSingleton<MetricCollector>()
        .AddSingleton<LogMetrics>()
        .AddSingleton(new SpecSection(AdminSpec.Paths) { Schemas = AdminSpec.Schemas })
        .AddTelemetryExport();

    public static IEndpointRouteBuilder MapAdmin(this IEndpointRouteBuilder routes)
    {
        // It only has to exist: the collector observes it from now on.
        routes.ServiceProvider.GetRequiredService<LogMetrics>();
        string[] methods = [HttpMethods.Get, HttpMethods.Head];
        routes.MapMethods("/healthz", methods, HealthEndpoints.LiveAsync);
        routes.MapMethods("/readyz", methods, HealthEndpoints.ReadyAsync);
        routes.MapMethods("/metrics", methods, MetricsEndpoint.GetAsync);
        PageEndpoints.Map(routes);
        return routes;
    }
}
