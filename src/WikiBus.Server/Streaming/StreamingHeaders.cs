using Microsoft.Extensions.Primitives;

namespace WikiBus.Server.Streaming;

/// <summary>The headers that EventStreams puts on every answer, errors included.</summary>
internal static class StreamingHeaders
{
    private static readonly StringValues AnyOrigin = "*";

    // EventStreams' own three, and those without which a script of another origin can neither resume nor show a key.
    private static readonly StringValues AllowedHeaders =
        "accept, x-requested-with, content-type, last-event-id, cache-control, authorization";

    private static readonly StringValues ExposedHeaders = "etag, retry-after";
    private static readonly StringValues XssProtection = "1; mode=block";
    private static readonly StringValues NoSniff = "nosniff";
    private static readonly StringValues SameOrigin = "SAMEORIGIN";
    private static readonly StringValues Policy =
        "default-src 'self'; object-src 'none'; media-src *; img-src *; style-src *; frame-ancestors 'self'";

    /// <summary>Sets the three CORS headers and the six security headers.</summary>
    public static void Set(IHeaderDictionary headers)
    {
        headers.AccessControlAllowOrigin = AnyOrigin;
        headers.AccessControlAllowHeaders = AllowedHeaders;
        headers.AccessControlExposeHeaders = ExposedHeaders;
        headers.XXSSProtection = XssProtection;
        headers.XContentTypeOptions = NoSniff;
        headers.XFrameOptions = SameOrigin;
        headers.ContentSecurityPolicy = Policy;
        headers["x-content-security-policy"] = Policy;
        headers["x-webkit-csp"] = Policy;
    }
}
