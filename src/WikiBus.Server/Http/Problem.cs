using System.Buffers;
using System.Text.Json;

namespace WikiBus.Server.Http;

/// <summary>
/// The error body of EventGate and EventStreams: JSON with exactly the members <c>status, type, title, detail, method,
/// uri</c> in this order. Not for <c>POST /v1/events</c>, since MediaWiki's producer cannot read it.
/// </summary>
internal static class Problem
{
    public const string ContentType = "application/json; charset=utf-8";

    /// <summary>Answers the request with a problem.</summary>
    public static Task WriteAsync(HttpContext context, int status, string type, string title, string detail)
    {
        var body = Body(context.Request, status, type, title, detail);
        context.Response.StatusCode = status;
        return WholeAnswer.WriteAsync(context, ContentType, body.WrittenMemory);
    }

    private static ArrayBufferWriter<byte> Body(
        HttpRequest request, int status, string type, string title, string detail)
    {
        var body = new ArrayBufferWriter<byte>(256);
        using var writer = new Utf8JsonWriter(body, JsonOutput.Relaxed);
        writer.WriteStartObject();
        writer.WriteNumber("status", status);
        writer.WriteString("type", type);
        writer.WriteString("title", title);
        writer.WriteString("detail", detail);
        writer.WriteString("method", request.Method);
        writer.WriteString("uri", SecretFreeTarget.Of(request));
        writer.WriteEndObject();
        writer.Flush();
        return body;
    }
}
