using Microsoft.Extensions.Primitives;

namespace WikiBus.Server.Access;

/// <summary>
/// Finds the key that a request carries: <c>Authorization: Bearer</c>, else the query parameter <c>apikey</c>
/// (MediaWiki can only configure a URL), else the cookie <c>service-key</c> (Dream).
/// </summary>
internal static class PresentedKey
{
    /// <summary>What who sends a key that is none (any more) is told.</summary>
    public const string InvalidKey = "The key that was sent is not valid.";

    private const string Scheme = "Bearer ";
    private const string QueryParameter = "apikey";
    private const string Cookie = "service-key";

    /// <summary>The key as it was sent, possibly empty; null when the request carries none.</summary>
    public static string? Of(HttpRequest request)
    {
        var authorization = request.Headers.Authorization;
        if (authorization.Count > 0 && FromHeader(authorization) is { } bearer)
        {
            return bearer;
        }

        // Query and cookies are parsed only when they may hold a key: this runs for every request.
        if (request.QueryString.Value?.Contains(QueryParameter, StringComparison.OrdinalIgnoreCase) == true
            && request.Query.TryGetValue(QueryParameter, out var parameter))
        {
            return parameter.ToString();
        }

        var cookies = request.Headers.Cookie;
        return cookies.Count > 0 && cookies.ToString().Contains(Cookie, StringComparison.OrdinalIgnoreCase)
            ? request.Cookies[Cookie]
            : null;
    }

    /// <summary>Is a key that was made here the whole of <c>Authorization</c>? Such a one is not taken.</summary>
    public static bool LacksScheme(HttpRequest request) =>
        KeySecret.KeyIdOf(request.Headers.Authorization.ToString()).Length > 0;

    private static string? FromHeader(StringValues authorization)
    {
        var value = authorization.ToString();
        return value.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase) ? value[Scheme.Length..].Trim() : null;
    }
}
