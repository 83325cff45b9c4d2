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
        if (await KeyRefusal.RequireAsync(context, Role.Read) is null)
        {
            return;
        }

        var text = Encoding.UTF8.GetBytes(context.RequestServices.GetRequiredService<MetricCollector>().Collect());
        await WholeAnswer.WriteAsync(context, MetricText.ContentType, text);
    }
}
