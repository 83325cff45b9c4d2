using System.Diagnostics.CodeAnalysis;
using System.Text;
using WikiBus.Server.Http;

namespace WikiBus.Server.Filters;

/// <summary>
/// A channel pattern by Dream's rules. A last segment <c>*</c> matches the path before it and everything below that
/// path. A host <c>*</c> matches any host. Every other <c>*</c> is a literal. Compared ignoring ASCII case. Query,
/// fragment, user and a trailing slash do not count. An empty segment belongs to the next one (<c>a//b</c> is <c>a</c>
/// and <c>/b</c>). Without a wildcard a pattern needs a segment to match anything. Immutable; safe for concurrent use.
/// </summary>
internal sealed class ChannelPattern
{
    /// <summary>Most characters of a pattern, as of a channel.</summary>
    public const int LengthMax = 1024;

    private readonly string _text;
    private readonly byte[] _scheme;
    private readonly byte[] _host;
    private readonly byte[] _path;
    private readonly bool _isAnyHost;
    private readonly bool _isWildcard;

    private ChannelPattern(string text, byte[] utf8, ChannelParts parts)
    {
        _text = text;
        _scheme = utf8[parts.Scheme];
        _host = utf8[parts.Host];
        _isAnyHost = _host is [(byte)'*'];
        var path = utf8[parts.Path];
        _isWildcard = path is [(byte)'/', (byte)'*'] or [.., not (byte)'/', (byte)'/', (byte)'*'];
        _path = _isWildcard ? path[..^2] : path;
    }

    /// <summary>Reads a pattern; the fault says what is allowed.</summary>
    public static bool TryParse(
        string text, [NotNullWhen(true)] out ChannelPattern? pattern, [NotNullWhen(false)] out string? fault)
    {
        var utf8 = Encoding.UTF8.GetBytes(text);
        if (utf8.Length <= LengthMax && ChannelParts.TryRead(utf8, out var parts))
        {
            pattern = new ChannelPattern(text, utf8, parts);
            fault = null;
            return true;
        }

        pattern = null;
        fault = $"Channel '{Echo.Of(text)}' is not allowed; SCHEME://HOST/PATH of at most {LengthMax} bytes is, "
            + "such as event://*/deki/pages/*.";
        return false;
    }

    /// <summary>Whether the pattern matches the channel.</summary>
    public bool Matches(ReadOnlySpan<byte> channel) =>
        ChannelParts.TryRead(channel, out var parts)
        && EqualsIgnoreCase(channel[parts.Scheme], _scheme)
        && MatchesParts(channel, parts);

    /// <summary>The pattern for a table of patterns.</summary>
    /// <param name="hasScheme">Does the scheme count?</param>
    public PatternKey KeyOf(bool hasScheme)
    {
        var scheme = hasScheme ? UriKey.Lower(_scheme) : "";
        return new PatternKey($"{scheme}//{UriKey.Lower(_host)}{UriKey.Lower(_path)}", _isWildcard);
    }

    /// <summary>The same, whatever the scheme of the URI is: so Dream compares resources.</summary>
    public bool MatchesAnyScheme(ReadOnlySpan<byte> uri) =>
        ChannelParts.TryRead(uri, out var parts) && MatchesParts(uri, parts);

    /// <summary>The pattern as it was given.</summary>
    public override string ToString() => _text;

    private bool MatchesParts(ReadOnlySpan<byte> uri, ChannelParts parts)
    {
        if (!_isAnyHost && !EqualsIgnoreCase(uri[parts.Host], _host))
        {
            return false;
        }

        var path = uri[parts.Path];
        return _isWildcard ? IsAtOrBelow(path) : !_path.AsSpan().IsEmpty && EqualsIgnoreCase(path, _path);
    }

    // A path "/a//b" has the segments "a" and "/b", so the second slash after "/a" begins a segment below "/a", too.
    private bool IsAtOrBelow(ReadOnlySpan<byte> path) =>
        path.Length >= _path.Length
        && EqualsIgnoreCase(path[.._path.Length], _path)
        && (path.Length == _path.Length || path[_path.Length] == (byte)'/');

    // Ascii.EqualsIgnoreCase is false for any byte beyond ASCII. Here such bytes are compared exactly.
    private static bool EqualsIgnoreCase(ReadOnlySpan<byte> left, ReadOnlySpan<byte> right)
    {
        if (left.Length != right.Length)
        {
            return false;
        }

        for (var index = 0; index < left.Length; index++)
        {
            if (left[index] != right[index] && Lower(left[index]) != Lower(right[index]))
            {
                return false;
            }
        }

        return true;
    }

    private static int Lower(byte letter) => letter is >= (byte)'A' and <= (byte)'Z' ? letter | 0x20 : letter;
}
