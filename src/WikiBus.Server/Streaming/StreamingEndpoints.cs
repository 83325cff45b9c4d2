using WikiBus.Server.Streaming.Listing;

namespace WikiBus.Server.Streaming;

/// <summary>The routes of streaming.</summary>
internal static class StreamingEndpoints
{
    public static IEndpointRouteBuilder MapStreaming(this IEndpointRouteBuilder routes)
    {
        var stream = routes.ServiceProvider.GetRequiredService<StreamEndpoint>();
        var list = routes.ServiceProvider.GetRequiredService<StreamListEndpoint>();
        routes.Map("/v2/stream/{streams}", stream.HandleAsync);
        routes.Map("/v2/streams", list.HandleAsync);
        return routes;
    }
}
