using Microsoft.Extensions.Primitives;

namespace WikiBus.Server.Streaming.Requests;

/// <summary>The headers that EventStreams puts on every answer, errors included.</summary>
internal static class StreamingHeaders
{
    private static readonly StringValues s_anyOrigin = "*";

    // EventStreams' own three, and those that a script of another origin needs to resume or to send a key.
    private static readonly StringValues s_allowedHeaders =
        "accept, x-requested-with, content-type, last-event-id, cache-control, authorization";

    private static readonly StringValues s_exposedHeaders = "etag, retry-after";
    private static readonly StringValues s_xssProtection = "1; mode=block";
    private static readonly StringValues s_noSniff = "nosniff";
    private static readonly StringValues s_sameOrigin = "SAMEORIGIN";
    private static readonly StringValues s_policy =
        "default-src 'self'; object-src 'none'; media-src *; img-src *; style-src *; frame-ancestors 'self'";

    /// <summary>Sets the three CORS headers and the six security headers.</summary>
    public static void Set(IHeaderDictionary headers)
    {
        headers.AccessControlAllowOrigin = s_anyOrigin;
        headers.AccessControlAllowHeaders = s_allowedHeaders;
        headers.AccessControlExposeHeaders = s_exposedHeaders;
        headers.XXSSProtection = s_xssProtection;
        headers.XContentTypeOptions = s_noSniff;
        headers.XFrameOptions = s_sameOrigin;
        headers.ContentSecurityPolicy = s_policy;
        headers["x-content-security-policy"] = s_policy;
        headers["x-webkit-csp"] = s_policy;
    }
}
