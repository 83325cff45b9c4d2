using System.Text;

namespace WikiBus.Server.Admin;

/// <summary><c>GET /metrics</c> in Prometheus's text format.</summary>
internal static class MetricsEndpoint
{
    public static Task GetAsync(HttpContext context)
    {
        var text = Encoding.UTF8.GetBytes(context.RequestServices.GetRequiredService<MetricCollector>().Collect());
        context.Response.ContentType = MetricText.ContentType;
        context.Response.ContentLength = text.Length;
        return HttpMethods.IsHead(context.Request.Method)
            ? Task.CompletedTask
            : context.Response.Body.WriteAsync(text, context.RequestAborted).AsTask();
    }
}
