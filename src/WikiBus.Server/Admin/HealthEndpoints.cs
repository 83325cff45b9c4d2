using System.Buffers;
using System.Text.Json;
using WikiBus.Server.Http;
using WikiBus.Server.State;
using WikiBus.Storage;

namespace WikiBus.Server.Admin;

/// <summary>
/// <c>GET /healthz</c>: the process answers. <c>GET /readyz</c>: it also accepts events, or says why it does not.
/// </summary>
internal static class HealthEndpoints
{
    private const string Stopping = "The server is stopping.";

    public static Task LiveAsync(HttpContext context) =>
        WriteAsync(context, StatusCodes.Status200OK, static writer => writer.WriteString("status", "ok"));

    public static Task ReadyAsync(HttpContext context)
    {
        var health = context.RequestServices.GetRequiredService<EventLog>().Health;
        var lifetime = context.RequestServices.GetRequiredService<IHostApplicationLifetime>();
        var stateFault = context.RequestServices.GetRequiredService<StateDatabase>().Fault;
        List<string> reasons = [];
        if (!health.IsWritable)
        {
            reasons.Add(health.Reason ?? "The log takes no events.");
        }

        if (lifetime.ApplicationStopping.IsCancellationRequested)
        {
            reasons.Add(Stopping);
        }

        var isReady = reasons.Count == 0;
        var status = isReady ? StatusCodes.Status200OK : StatusCodes.Status503ServiceUnavailable;
        return WriteAsync(context, status, writer =>
        {
            writer.WriteString("status", isReady ? "ready" : "not ready");
            writer.WriteStartArray("reasons");
            reasons.ForEach(writer.WriteStringValue);
            writer.WriteEndArray();
            writer.WriteStartArray("degraded");
            if (stateFault is not null)
            {
                writer.WriteStringValue(stateFault);
            }

            writer.WriteEndArray();
            writer.WriteStartObject("log");
            writer.WriteBoolean("writable", health.IsWritable);
            WriteNumber(writer, "freeBytes", health.FreeBytes);
            writer.WriteNumber("queuedBytes", health.QueuedBytes);
            writer.WriteEndObject();
        });
    }

    private static void WriteNumber(Utf8JsonWriter writer, string name, long? number)
    {
        if (number is { } known)
        {
            writer.WriteNumber(name, known);
        }
        else
        {
            writer.WriteNull(name);
        }
    }

    private static Task WriteAsync(HttpContext context, int status, Action<Utf8JsonWriter> write)
    {
        var body = new ArrayBufferWriter<byte>(256);
        using (var writer = new Utf8JsonWriter(body))
        {
            writer.WriteStartObject();
            write(writer);
            writer.WriteEndObject();
        }

        context.Response.StatusCode = status;
        context.Response.Headers.CacheControl = "no-store";
        return WholeAnswer.WriteAsync(context, Problem.ContentType, body.WrittenMemory);
    }
}
