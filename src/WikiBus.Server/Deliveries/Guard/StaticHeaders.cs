using System.Buffers;
using System.Globalization;

namespace WikiBus.Server.Deliveries.Guard;

/// <summary>
/// The headers that a user adds to each request of a subscription, such as <c>Authorization</c>. They cannot change how
/// the request is framed, where it goes, or what WikiBus says in it.
/// </summary>
internal static class StaticHeaders
{
    /// <summary>Most headers of a subscription.</summary>
    public const int CountMax = 20;

    /// <summary>Most characters of their names and values together.</summary>
    public const int LengthMax = 8 << 10;

    private static readonly SearchValues<char> s_token = SearchValues.Create(
        "!#$%&'*+-.^_`|~0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz");

    private static readonly SearchValues<char> s_value =
        SearchValues.Create([.. Enumerable.Range(' ', '~' - ' ' + 1).Select(static c => (char)c)]);

    private static readonly HashSet<string> s_reserved = new(StringComparer.OrdinalIgnoreCase)
    {
        "Allow", "Connection", "Expect", "Expires", "Forwarded", "Host", "HTTP2-Settings", "Keep-Alive",
        "Last-Modified", "TE", "Trailer", "Transfer-Encoding", "Upgrade", "Via", "X-Real-IP",
    };

    private static readonly string[] s_reservedPrefixes =
        ["Content-", "Proxy-", "X-Forwarded-", "webhook-", "wikibus-"];

    /// <summary>What is wrong with the headers, without their values; null if nothing is.</summary>
    public static string? FindFault(IReadOnlyCollection<KeyValuePair<string, string>> headers)
    {
        if (headers.Count > CountMax)
        {
            return string.Create(CultureInfo.InvariantCulture, $"At most {CountMax} headers are allowed.");
        }

        if (headers.Sum(static header => header.Key.Length + header.Value.Length) > LengthMax)
        {
            return string.Create(
                CultureInfo.InvariantCulture, $"Headers have at most {LengthMax} characters in all.");
        }

        var names = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        return headers.Select(header => FindFault(header.Key, header.Value, names)).FirstOrDefault(
            static fault => fault is not null);
    }

    private static string? FindFault(string name, string value, HashSet<string> names) =>
        name.Length == 0 || name.AsSpan().ContainsAnyExcept(s_token) ? "The name of a header is not valid."
        : !names.Add(name) ? $"The header '{name}' is there twice."
        : IsReserved(name) ? $"The header '{name}' cannot be set."
        : value.AsSpan().ContainsAnyExcept(s_value) || value.AsSpan().Trim().Length != value.Length
            ? $"The value of the header '{name}' is not printable ASCII, or has blanks at its ends."
        : null;

    private static bool IsReserved(string name) =>
        s_reserved.Contains(name)
        || s_reservedPrefixes.Any(prefix => name.StartsWith(prefix, StringComparison.OrdinalIgnoreCase));
}
