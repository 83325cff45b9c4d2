using System.Text;

namespace WikiBus.Server.Access.Rights;

/// <summary>
/// What a key is limited to: stream patterns, wikis and domains. An empty list is no limit.
/// </summary>
/// <remarks>
/// An event names a wiki (a database or wiki id), a domain, or both. A limited grant includes it if the grant names at
/// least one of them, and excludes none: a wiki is excluded if the grant lists other wikis, a domain if it lists other
/// domains. So an event that names a wiki of the grant cannot claim another domain.
/// </remarks>
internal sealed class Grant
{
    /// <summary>All streams of all wikis.</summary>
    public static readonly Grant All = new([], [], []);

    private readonly StreamPattern[] _streams;
    private readonly byte[][] _wikis;
    private readonly byte[][] _domains;

    /// <param name="streams">Valid patterns of <see cref="StreamPattern"/>.</param>
    /// <param name="wikis">Database or wiki ids; a domain here names the events that have no such id.</param>
    /// <param name="domains">Domains, compared ignoring case.</param>
    public Grant(IReadOnlyList<string> streams, IReadOnlyList<string> wikis, IReadOnlyList<string> domains)
    {
        _streams = [.. streams.Select(static pattern => new StreamPattern(pattern))];
        _wikis = [.. wikis.Select(Encoding.UTF8.GetBytes)];
        _domains = [.. domains.Select(Encoding.UTF8.GetBytes)];
    }

    public bool IsUnlimited => _streams.Length == 0 && !IsLimitedByWiki;

    public bool IsLimitedByWiki => _wikis.Length > 0 || _domains.Length > 0;

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

    /// <summary>Why the grant does not include an event of this wiki and domain (empty: the event has none).</summary>
    public WikiFault FindFault(ReadOnlySpan<byte> wiki, ReadOnlySpan<byte> domain)
    {
        var namesWiki = Names(wiki);
        var namesDomain = HasDomain(_domains, domain) || (wiki.IsEmpty && HasDomain(_wikis, domain));
        return !IsLimitedByWiki ? WikiFault.None
            : _wikis.Length > 0 && !wiki.IsEmpty && !namesWiki ? WikiFault.Wiki
            : _domains.Length > 0 && !domain.IsEmpty && !namesDomain ? WikiFault.Domain
            : namesWiki || namesDomain ? WikiFault.None
            : !domain.IsEmpty ? WikiFault.Domain
            : !wiki.IsEmpty ? WikiFault.Wiki
            : WikiFault.Nameless;
    }

    /// <summary>Is the domain among the wikis? Readers' keys may name one there, for events of any wiki.</summary>
    public bool NamesAsWiki(ReadOnlySpan<byte> domain) => HasDomain(_wikis, domain);

    private bool Names(ReadOnlySpan<byte> wiki)
    {
        foreach (var granted in _wikis)
        {
            if (wiki.SequenceEqual(granted))
            {
                return true;
            }
        }

        return false;
    }

    private static bool HasDomain(byte[][] list, ReadOnlySpan<byte> domain)
    {
        foreach (var granted in list)
        {
            if (Ascii.EqualsIgnoreCase(domain, granted))
            {
                return true;
            }
        }

        return false;
    }
}
