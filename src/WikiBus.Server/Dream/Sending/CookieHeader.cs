using System.Diagnostics.CodeAnalysis;
using WikiBus.Server.Dream.Sets;
using WikiBus.Server.Dream.Uris;

namespace WikiBus.Server.Dream.Sending;

/// <summary>
/// The header <c>Cookie</c> for a destination, in Dream's form:
/// <c>$Version="1"; NAME="VALUE"; $Path="/x"; $Domain="HOST:PORT"</c>, several joined by a comma and a space.
/// </summary>
internal static class CookieHeader
{
    /// <summary>
    /// The cookies of a set that belong to a destination: its host, and its path or one below which it is. Of several
    /// with one name and URI the last one counts. Null: none.
    /// </summary>
    public static string? For(DreamUri destination, IEnumerable<SetCookie> cookies, DateTimeOffset now)
    {
        var found = new Dictionary<(string, string), string>();
        foreach (var cookie in cookies)
        {
            if (IsSent(cookie, now) && Covers(cookie, destination, out var uri))
            {
                found[(cookie.Name, uri.Comparable)] = TextOf(cookie, uri);
            }
        }

        return found.Count == 0 ? null : string.Join(", ", found.Values);
    }

    // A name or value with other characters would break the header.
    private static bool IsSent(SetCookie cookie, DateTimeOffset now) =>
        !(cookie.Expires <= now)
        && cookie.Name.Length > 0
        && cookie.Name.All(static c => c is > ' ' and < '\u007f' and not ('=' or ';' or ',' or '"'))
        && cookie.Value.All(static c => c is >= ' ' and < '\u007f');

    /// <summary>Does the cookie belong to the destination?</summary>
    /// <param name="cookie">The cookie.</param>
    /// <param name="destination">The destination.</param>
    /// <param name="uri">The URI of the cookie.</param>
    public static bool Covers(SetCookie cookie, DreamUri destination, [NotNullWhen(true)] out DreamUri? uri)
    {
        if (!DreamUri.TryParse(cookie.Uri, out uri))
        {
            return false;
        }

        var path = uri.Path.TrimEnd('/');
        return uri.AuthorityIs(destination)
            && destination.Path.StartsWith(path, StringComparison.OrdinalIgnoreCase)
            && (destination.Path.Length == path.Length || destination.Path[path.Length] == '/');
    }

    private static string TextOf(SetCookie cookie, DreamUri uri)
    {
        var value = cookie.Value.Replace("\\", "\\\\", StringComparison.Ordinal)
            .Replace("\"", "\\\"", StringComparison.Ordinal);
        var path = uri.Path.TrimEnd('/') is { Length: > 0 } given ? given : "/";
        return $"$Version=\"1\"; {cookie.Name}=\"{value}\"; $Path=\"{path}\"; $Domain=\"{uri.Authority}\"";
    }
}
