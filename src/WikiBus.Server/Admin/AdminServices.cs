namespace WikiBus.Server.Admin;

/// <summary>Health, metrics and the page.</summary>
internal static class AdminServices
{
    public static IServiceCollection AddAdmin(this IServiceCollection services) => services
        .AddMetrics()
        .AddSingleton<MetricCollector>()
        .AddSingleton<LogMetrics>()
        .AddTelemetryExport();

    public static IEndpointRouteBuilder MapAdmin(this IEndpointRouteBuilder routes)
    {
        // Being made is all: it is asked by the collector from then on.
        routes.ServiceProvider.GetRequiredService<LogMetrics>();
        string[] methods = [HttpMethods.Get, HttpMethods.Head];
        routes.MapMethods("/healthz", methods, HealthEndpoints.LiveAsync);
        routes.MapMethods("/readyz", methods, HealthEndpoints.ReadyAsync);
        routes.MapMethods("/metrics", methods, MetricsEndpoint.GetAsync);
        PageEndpoints.Map(routes);
        return routes;
    }
}
