using System.Reflection;
using System.Security.Cryptography;
using Microsoft.Net.Http.Headers;

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
    }

    private static void Map(IEndpointRouteBuilder routes, string path, string file, string type)
    {
        var content = Read(file);
        var tag = new EntityTagHeaderValue($"\"{Convert.ToHexStringLower(SHA256.HashData(content))[..32]}\"");
        string[] methods = [HttpMethods.Get, HttpMethods.Head];
        routes.MapMethods(path, methods, context => WriteAsync(context, content, type, tag));
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
        var response = context.Response;
        response.Headers.ContentSecurityPolicy = Policy;
        response.Headers.XContentTypeOptions = "nosniff";
        response.Headers["Referrer-Policy"] = "no-referrer";
        response.Headers.CacheControl = "no-cache";
        response.Headers.ETag = tag.ToString();
        if (context.Request.GetTypedHeaders().IfNoneMatch.Any(known => known.Compare(tag, useStrongComparison: false)))
        {
            response.StatusCode = StatusCodes.Status304NotModified;
            return Task.CompletedTask;
        }

        response.ContentType = type;
        response.ContentLength = content.Length;
        return HttpMethods.IsHead(context.Request.Method)
            ? Task.CompletedTask
            : response.Body.WriteAsync(content, context.RequestAborted).AsTask();
    }
}
