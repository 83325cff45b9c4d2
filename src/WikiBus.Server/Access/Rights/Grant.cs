using System.Text;

namespace WikiBus.Server.Access.Rights;

/// <summary>What a key is limited to: stream patterns and wikis. No patterns or no wikis mean all.</summary>
internal sealed class Grant
{
    /// <summary>All streams of all wikis.</summary>
    public static readonly Grant All = new([], []);

    private readonly StreamPattern[] _streams;
    private readonly byte[][] _wikis;

    /// <param name="streams">Valid patterns of <see cref="StreamPattern"/>.</param>
    /// <param name="wikis">Names as records have them (a database or wiki id), or domains.</param>
    public Grant(IReadOnlyList<string> streams, IReadOnlyList<string> wikis)
    {
        _streams = [.. streams.Select(static pattern => new StreamPattern(pattern))];
        _wikis = [.. wikis.Select(Encoding.UTF8.GetBytes)];
    }

    public bool IsUnlimited => _streams.Length == 0 && _wikis.Length == 0;

    public bool IsLimitedByWiki => _wikis.Length > 0;

    public bool HasStream(string stream)
    {
        foreach (var pattern in _streams)
        {
            if (pattern.Matches(stream))
            {
                return true;
            }
        }

        return _streams.Length == 0;
    }

    /// <summary>
    /// Does the grant include the wiki (exactly) or the domain (ignoring case)? Empty means unknown: a limited grant
    /// does not include it.
    /// </summary>
    public bool HasWiki(ReadOnlySpan<byte> wiki, ReadOnlySpan<byte> domain)
    {
        foreach (var granted in _wikis)
        {
            if (wiki.SequenceEqual(granted) || Ascii.EqualsIgnoreCase(domain, granted))
            {
                return true;
            }
        }

        return _wikis.Length == 0;
    }
}
