using Microsoft.Extensions.Primitives;
using WikiBus.Server.Access.Keys;
using WikiBus.Server.Access.Networks;
using WikiBus.Server.Http;

namespace WikiBus.Server.Access;

/// <summary>
/// Finds the key of a request: <c>Authorization: Bearer</c>, else the query parameter <c>apikey</c>
/// (MediaWiki can only configure a URL), else the cookie <c>service-key</c> (Dream). Of a repeated one the first
/// counts. A cookie that comes with a request from another site's page does not count: browsers send it without the
/// user's wish.
/// </summary>
internal static class PresentedKey
{
    /// <summary>The answer to a key that is unknown, or no longer valid.</summary>
    public const string InvalidKey = "The key that was sent is not valid.";

    /// <summary>The answer to a key that could not be judged now; it goes with a 503.</summary>
    public const string NotJudged =
        "Too many unknown keys wait to be judged, and the key that was sent is one of them. Send the request again.";

    /// <summary>The <c>Retry-After</c> of that answer, in seconds.</summary>
    public const string RetryAfter = "1";

    private const string Scheme = "Bearer ";
    private const string QueryParameter = "apikey";
    private const string Cookie = "service-key";

    /// <summary>The key as it was sent, possibly empty; null when the request has none.</summary>
    public static string? Of(HttpRequest request)
    {
        var authorization = request.Headers.Authorization;
        if (authorization.Count > 0 && FromHeader(authorization) is { } bearer)
        {
            return bearer;
        }

        // This runs for every request, so it parses the query and the cookies only if they may hold a key.
        if (request.QueryString.Value?.Contains(QueryParameter, StringComparison.OrdinalIgnoreCase) == true
            && request.Query.TryGetValue(QueryParameter, out var parameter))
        {
            return parameter[0] ?? "";
        }

        var cookies = request.Headers.Cookie;
        return cookies.Count > 0 && cookies.ToString().Contains(Cookie, StringComparison.OrdinalIgnoreCase)
            && RequestTraces.IsSameOrigin(request)
            ? CookieReader.Find(cookies, Cookie)
            : null;
    }

    /// <summary>Is <c>Authorization</c> a key without <c>Bearer</c>? Such a key is not accepted.</summary>
    public static bool LacksScheme(HttpRequest request) =>
        KeySecret.KeyIdOf(request.Headers.Authorization.ToString()).Length > 0;

    private static string? FromHeader(StringValues authorization)
    {
        var value = authorization.ToString();
        return value.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase) ? value[Scheme.Length..].Trim() : null;
    }
}
