using System.Text;
using WikiBus.Server.Http;

namespace WikiBus.Server.Intake;

/// <summary>
/// Answers <c>GET /?spec</c> with the OpenAPI document of the whole HTTP interface, and <c>GET /?doc</c> with a page
/// about it, as EventGate does. Other requests for <c>/</c> pass.
/// </summary>
internal sealed class SpecMiddleware(RequestDelegate next)
{
    private const string DocPage =
        "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n" +
        "<title>WikiBus: HTTP interface</title>\n</head>\n" +
        "<body>\n<h1>WikiBus: HTTP interface</h1>\n<p>The interface is described by an " +
        "<a href=\"/?spec\">OpenAPI 3 document</a>, which tools such as Swagger UI show.</p>\n</body>\n</html>\n";

    public Task InvokeAsync(HttpContext context)
    {
        var request = context.Request;
        if (request.QueryString.Value is not { Length: > 1 } || request.Path != "/" ||
            !(HttpMethods.IsGet(request.Method) || HttpMethods.IsHead(request.Method)))
        {
            return next(context);
        }

        var query = request.Query;
        return query.ContainsKey("spec") ? WriteSpecAsync(context)
            : !query.ContainsKey("doc") ? next(context)
            : query.ContainsKey("path") ? NotFoundPage.WriteAsync(context)
            : WriteAsync(context, DocPage, "text/html; charset=utf-8");
    }

    private static Task WriteSpecAsync(HttpContext context) =>
        WriteAsync(context, SpecDocument.Write(context.RequestServices), "application/json; charset=utf-8");

    private static Task WriteAsync(HttpContext context, string text, string type)
    {
        CommonHeaders.Set(context.Response);
        return WholeAnswer.WriteAsync(context, type, Encoding.UTF8.GetBytes(text));
    }
}
