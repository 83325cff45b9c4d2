using System.Reflection;
using Microsoft.Net.Http.Headers;
using WikiBus.Server.Access;
using WikiBus.Server.Http;

namespace WikiBus.Server.Admin;

/// <summary>The page at <c>GET /</c> with its style and script. It loads nothing from elsewhere.</summary>
internal static class PageEndpoints
{
    private const string Policy =
        "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self' data:; "
        + "base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

    public static void Map(IEndpointRouteBuilder routes)
    {
        Map(routes, "/", "index.html", "text/html; charset=utf-8");
        Map(routes, "/page/page.css", "page.css", "text/css; charset=utf-8");
        Map(routes, "/page/page.js", "page.js", "text/javascript; charset=utf-8");
        Map(routes, "/page/events.js", "events.js", "text/javascript; charset=utf-8");
        Map(routes, "/page/subscriptions.js", "subscriptions.js", "text/javascript; charset=utf-8");
        routes.MapGet("/page/session", WriteSessionAsync);
        routes.MapGet("/page/subscriptions", PageSubscriptions.WriteAsync);
    }

    private static void Map(IEndpointRouteBuilder routes, string path, string file, string type)
    {
        var content = Read(file);
        var tag = WholeAnswer.TagOf(content);
        string[] methods = [HttpMethods.Get, HttpMethods.Head];
        routes.MapMethods(path, methods, context => path == "/" && PageLink.Is(context.Request)
            ? PageLink.OpenAsync(context)
            : WriteAsync(context, content, type, tag));
    }

    /// <summary>Whether the browser has a session. The page cannot see its cookie.</summary>
    private static Task WriteSessionAsync(HttpContext context)
    {
        var access = context.RequestServices.GetRequiredService<AccessControl>();
        var answer = access.FindSession(context) is null ? """{"isOpen":false}"""u8 : """{"isOpen":true}"""u8;
        context.Response.Headers.CacheControl = "no-store";
        return WholeAnswer.WriteAsync(context, "application/json; charset=utf-8", answer.ToArray());
    }

    private static byte[] Read(string file)
    {
        var assembly = Assembly.GetExecutingAssembly();
        using var stream = assembly.GetManifestResourceStream("Page." + file)
            ?? throw new InvalidOperationException($"The page's file {file} is not in the program.");
        var content = new byte[stream.Length];
        stream.ReadExactly(content);
        return content;
    }

    private static Task WriteAsync(HttpContext context, byte[] content, string type, EntityTagHeaderValue tag)
    {
        var headers = context.Response.Headers;
        headers.ContentSecurityPolicy = Policy;
        headers.XContentTypeOptions = "nosniff";
        headers["Referrer-Policy"] = "no-referrer";
        headers.CacheControl = "no-cache";
        return WholeAnswer.WriteAsync(context, type, content, tag);
    }
}
