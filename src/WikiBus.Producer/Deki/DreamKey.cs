using System.Buffers;
using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Http;

namespace WikiBus.Producer.Deki;

/// <summary>A key in Dream's way: the query parameter <c>apikey</c>, else the cookie <c>service-key</c>.</summary>
internal static class DreamKey
{
    public const string Cookie = "service-key";

    public const string Allowed = "visible ASCII characters except \" , ; and \\";

    private const string Parameter = "apikey";

    private static readonly SearchValues<char> s_allowed = SearchValues.Create(
        [.. Enumerable.Range('!', '~' - '!' + 1).Select(code => (char)code).Except("\",;\\")]);

    /// <summary>Can a cookie carry the key?</summary>
    public static bool IsValid(string key) => key.Length > 0 && !key.AsSpan().ContainsAnyExcept(s_allowed);

    /// <summary>Does the request have the key? As with Dream, the cookies count only without the parameter.</summary>
    public static bool IsIn(HttpRequest request, string key)
    {
        var expected = Encoding.UTF8.GetBytes(key);
        var sent = request.Query.TryGetValue(Parameter, out var values) && !string.IsNullOrEmpty(values[0])
            ? [values[0]!]
            : Cookies(request);
        return sent.Any(value => CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(value), expected));
    }

    // Dream separates its cookies by commas: $Version="1"; service-key="a"; $Path="/p", $Version="1"; other="b".
    // Cookies of sets that no longer exist come along, so there may be several of the name.
    private static IEnumerable<string> Cookies(HttpRequest request) =>
        from header in request.Headers.Cookie
        from part in header.Split([';', ','], StringSplitOptions.TrimEntries)
        where part.StartsWith(Cookie + "=", StringComparison.Ordinal)
        select part[(Cookie.Length + 1)..].Trim('"');
}
