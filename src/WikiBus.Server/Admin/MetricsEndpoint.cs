using System.Text;
using WikiBus.Server.Access;
using WikiBus.Server.Access.Rights;
using WikiBus.Server.Http;

namespace WikiBus.Server.Admin;

/// <summary>
/// <c>GET /metrics</c> in Prometheus's text format, for callers who may read: the labels may name private streams.
/// </summary>
internal static class MetricsEndpoint
{
    public static Task GetAsync(HttpContext context)
    {
        var caller = context.RequestServices.GetRequiredService<AccessControl>().Identify(context);
        if ((caller.Roles & (Role.Read | Role.Manage)) == Role.None)
        {
            context.Response.Headers.WWWAuthenticate = "Bearer";
            return Problem.WriteAsync(
                context, StatusCodes.Status401Unauthorized, "unauthorized", "Unauthorized",
                "A key with the role read is needed.");
        }

        var text = Encoding.UTF8.GetBytes(context.RequestServices.GetRequiredService<MetricCollector>().Collect());
        return WholeAnswer.WriteAsync(context, MetricText.ContentType, text);
    }
}
