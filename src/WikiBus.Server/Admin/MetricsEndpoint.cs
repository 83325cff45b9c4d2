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
    public static async Task GetAsync(HttpContext context)
    {
        var access = context.RequestServices.GetRequiredService<AccessControl>();
        var caller = await access.IdentifyAsync(context, context.RequestAborted);
        if (caller.IsUnjudged)
        {
            context.Response.Headers.RetryAfter = PresentedKey.RetryAfter;
            await Problem.WriteAsync(
                context, StatusCodes.Status503ServiceUnavailable, "unavailable", "Service Unavailable",
                PresentedKey.NotJudged);
            return;
        }

        if ((caller.Roles & (Role.Read | Role.Manage)) == Role.None)
        {
            const string needed = "A key with the role read is needed.";
            if (caller.HasKey)
            {
                await Problem.WriteAsync(context, StatusCodes.Status403Forbidden, "forbidden", "Forbidden", needed);
                return;
            }

            context.Response.Headers.WWWAuthenticate = "Bearer";
            await Problem.WriteAsync(
                context, StatusCodes.Status401Unauthorized, "unauthorized", "Unauthorized", needed);
            return;
        }

        var text = Encoding.UTF8.GetBytes(context.RequestServices.GetRequiredService<MetricCollector>().Collect());
        await WholeAnswer.WriteAsync(context, MetricText.ContentType, text);
    }
}
