using Microsoft.Extensions.Primitives;

namespace WikiBus.Server.Http;

/// <summary>The headers that EventGate puts on every answer. Its clients in browsers rely on them.</summary>
internal static class CommonHeaders
{
    private static readonly StringValues s_anyOrigin = "*";

    // EventGate's own three, and the one with which a script of another origin sends a key.
    private static readonly StringValues s_allowedHeaders =
        "accept, x-requested-with, content-type, authorization";

    private static readonly StringValues s_exposedHeaders = "etag, retry-after, wikibus-duplicates";
    private static readonly StringValues s_allowedMethods = "post";
    private static readonly StringValues s_xssProtection = "1; mode=block";
    private static readonly StringValues s_contentTypeOptions = "nosniff";
    private static readonly StringValues s_frameOptions = "SAMEORIGIN";
    private static readonly StringValues s_contentSecurityPolicy =
        "default-src 'self'; object-src 'none'; media-src 'none'; img-src 'none'; style-src 'none'; " +
        "base-uri 'self'; frame-ancestors 'self'";

    private static readonly StringValues s_nothingAllowed = "default-src 'none'";

    /// <summary>Sets the four CORS headers and the four security headers.</summary>
    public static void Set(HttpResponse response)
    {
        var headers = response.Headers;
        headers.AccessControlAllowOrigin = s_anyOrigin;
        headers.AccessControlAllowHeaders = s_allowedHeaders;
        headers.AccessControlExposeHeaders = s_exposedHeaders;
        headers.AccessControlAllowMethods = s_allowedMethods;
        headers.XXSSProtection = s_xssProtection;
        headers.XContentTypeOptions = s_contentTypeOptions;
        headers.XFrameOptions = s_frameOptions;
        headers.ContentSecurityPolicy = s_contentSecurityPolicy;
    }

    /// <summary>The same for a page that loads nothing.</summary>
    public static void SetForBarePage(HttpResponse response)
    {
        Set(response);
        response.Headers.ContentSecurityPolicy = s_nothingAllowed;
    }
}
