using Microsoft.Extensions.Primitives;

namespace WikiBus.Server.Http;

/// <summary>The headers that EventGate puts on every answer; what its clients in browsers rely on.</summary>
internal static class CommonHeaders
{
    private static readonly StringValues _anyOrigin = "*";
    private static readonly StringValues _allowedHeaders = "accept, x-requested-with, content-type";
    private static readonly StringValues _exposedHeaders = "etag";
    private static readonly StringValues _allowedMethods = "post";
    private static readonly StringValues _xssProtection = "1; mode=block";
    private static readonly StringValues _contentTypeOptions = "nosniff";
    private static readonly StringValues _frameOptions = "SAMEORIGIN";
    private static readonly StringValues _contentSecurityPolicy =
        "default-src 'self'; object-src 'none'; media-src 'none'; img-src 'none'; style-src 'none'; " +
        "base-uri 'self'; frame-ancestors 'self'";

    private static readonly StringValues _nothingAllowed = "default-src 'none'";

    /// <summary>Sets the four CORS headers and the four security headers.</summary>
    public static void Set(HttpResponse response)
    {
        var headers = response.Headers;
        headers.AccessControlAllowOrigin = _anyOrigin;
        headers.AccessControlAllowHeaders = _allowedHeaders;
        headers.AccessControlExposeHeaders = _exposedHeaders;
        headers.AccessControlAllowMethods = _allowedMethods;
        headers.XXSSProtection = _xssProtection;
        headers.XContentTypeOptions = _contentTypeOptions;
        headers.XFrameOptions = _frameOptions;
        headers.ContentSecurityPolicy = _contentSecurityPolicy;
    }

    /// <summary>The same for a page that loads nothing.</summary>
    public static void SetForBarePage(HttpResponse response)
    {
        Set(response);
        response.Headers.ContentSecurityPolicy = _nothingAllowed;
    }
}
