using System.Diagnostics.CodeAnalysis;

namespace WikiBus.Server.Dream.Uris;

/// <summary>
/// An absolute URI by Dream's rules: <c>SCHEME://[USER@]HOST[:PORT][/PATH][?QUERY][#FRAGMENT]</c>, where the host may
/// be empty or <c>*</c>. Two are equal ignoring case, the default port and a trailing slash; query and user count, the
/// fragment does not. Immutable; safe for concurrent use.
/// </summary>
/// <remarks>Source: Dream's <c>XUri</c>, and recorded answers of its PubSub service.</remarks>
internal sealed class DreamUri : IEquatable<DreamUri>
{
    private readonly string _text;

    private DreamUri(string text, int schemeEnd, int hostEnd, int pathEnd, int queryEnd)
    {
        _text = text;
        Scheme = text[..schemeEnd];
        Authority = text[(schemeEnd + 3)..hostEnd];
        Path = text[hostEnd..pathEnd];
        Query = text[pathEnd..queryEnd];
        Fragment = queryEnd < text.Length ? text[(queryEnd + 1)..] : "";
        Comparable = string.Concat(
            Scheme, "://", WithoutDefaultPort(Authority, Scheme), Path.TrimEnd('/'), Query).ToLowerInvariant();
    }

    public string Scheme { get; }

    /// <summary>User, host and port as given.</summary>
    public string Authority { get; }

    /// <summary>The path with its first slash; may be empty.</summary>
    public string Path { get; }

    /// <summary>The query with its <c>?</c>; may be empty.</summary>
    public string Query { get; }

    /// <summary>The fragment without <c>#</c>; may be empty.</summary>
    public string Fragment { get; }

    /// <summary>Equal texts are equal URIs.</summary>
    public string Comparable { get; }

    public static bool TryParse(string? text, [NotNullWhen(true)] out DreamUri? uri)
    {
        uri = null;
        var schemeEnd = text?.IndexOf("://", StringComparison.Ordinal) ?? -1;
        if (schemeEnd <= 0 || !char.IsAsciiLetter(text![0]) || text.Any(static c => !IsAllowed(c))
            || !text[..schemeEnd].All(static c => char.IsAsciiLetterOrDigit(c) || c is '+' or '-' or '.'))
        {
            return false;
        }

        var hostEnd = EndOf(text, schemeEnd + 3, '/', '?', '#');
        var pathEnd = EndOf(text, hostEnd, '?', '#');
        var queryEnd = EndOf(text, pathEnd, '#');
        uri = new DreamUri(text, schemeEnd, hostEnd, pathEnd, queryEnd);
        return true;
    }

    /// <summary>Without user, query and fragment, which may hold secrets.</summary>
    public string ToDisplay() => $"{Scheme}://{Authority[(Authority.LastIndexOf('@') + 1)..]}{Path}";

    /// <summary>The URL for a request; null: it is not one of http or https.</summary>
    public Uri? ToHttpUrl() => Uri.TryCreate(_text, UriKind.Absolute, out var url)
        && (url.Scheme == Uri.UriSchemeHttp || url.Scheme == Uri.UriSchemeHttps) ? url : null;

    /// <summary>Has the other one the same scheme, host and port?</summary>
    public bool AuthorityIs(DreamUri other) =>
        Scheme.Equals(other.Scheme, StringComparison.OrdinalIgnoreCase)
        && WithoutDefaultPort(Authority, Scheme).Equals(
            WithoutDefaultPort(other.Authority, other.Scheme), StringComparison.OrdinalIgnoreCase);

    public bool Equals(DreamUri? other) => other is not null && Comparable == other.Comparable;

    public override bool Equals(object? obj) => Equals(obj as DreamUri);

    public override int GetHashCode() => Comparable.GetHashCode(StringComparison.Ordinal);

    /// <summary>The URI as it was given.</summary>
    public override string ToString() => _text;

    private static int EndOf(string text, int start, params ReadOnlySpan<char> ends)
    {
        var length = text.AsSpan(start).IndexOfAny(ends);
        return length < 0 ? text.Length : start + length;
    }

    private static bool IsAllowed(char c) =>
        c is > ' ' and < '\u007f' and not ('"' or '<' or '>' or '\\');

    private static string WithoutDefaultPort(string authority, string scheme)
    {
        var port = scheme.ToLowerInvariant() switch { "http" => ":80", "https" => ":443", "ftp" => ":21", _ => null };
        return port is not null && authority.EndsWith(port, StringComparison.Ordinal)
            ? authority[..^port.Length]
            : authority;
    }
}
