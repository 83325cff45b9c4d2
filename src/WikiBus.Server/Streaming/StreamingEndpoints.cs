using WikiBus.Server.Http;
using WikiBus.Server.Streaming.Listing;
using WikiBus.Server.Streaming.Requests;

namespace WikiBus.Server.Streaming;

/// <summary>The routes of streaming.</summary>
internal static class StreamingEndpoints
{
    public static IEndpointRouteBuilder MapStreaming(this IEndpointRouteBuilder routes)
    {
        var stream = routes.ServiceProvider.GetRequiredService<StreamEndpoint>();
        var list = routes.ServiceProvider.GetRequiredService<StreamListEndpoint>();
        routes.Map("/v2/stream/{streams}", ReadOnly(stream.AnswerAsync));
        routes.Map("/v2/streams", ReadOnly(list.AnswerAsync));
        return routes;
    }

    // As Express does: OPTIONS lists the methods, every other method is not found.
    private static RequestDelegate ReadOnly(RequestDelegate answer) => context =>
    {
        var method = context.Request.Method;
        var isRead = HttpMethods.IsGet(method) || HttpMethods.IsHead(method);
        if (!isRead && !HttpMethods.IsOptions(method))
        {
            return NotFoundPage.WriteAsync(context);
        }

        StreamingHeaders.Set(context.Response.Headers);
        return isRead ? answer(context) : StreamAnswers.WriteMethodsAsync(context);
    };
}
