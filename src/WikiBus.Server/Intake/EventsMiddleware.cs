using WikiBus.Server.Http;

namespace WikiBus.Server.Intake;

/// <summary>
/// Takes <c>POST /v1/events</c> before the routing of everything else: it is most of what a bus does, and a route
/// match costs as much as reading the headers. Everything else goes on in the thread pool, whatever its target began
/// with.
/// </summary>
internal sealed class EventsMiddleware(RequestDelegate next, EventsHandler handler)
{
    public Task InvokeAsync(HttpContext context) =>
        HttpMethods.IsPost(context.Request.Method) && EventsPath.Matches(context)
            ? handler.HandlePostAsync(context)
            : RequestThread.IsOfPool ? next(context)
            : GoOnInPoolAsync(context);

    private async Task GoOnInPoolAsync(HttpContext context)
    {
        await RequestThread.EnterPoolAsync();
        await next(context);
    }
}
