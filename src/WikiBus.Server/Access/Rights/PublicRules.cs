using System.Collections.Concurrent;
using System.Collections.Frozen;
using System.Text;

namespace WikiBus.Server.Access.Rights;

/// <summary>
/// What everybody may read: <c>Access:PublicStreams</c> of <c>Access:PublicWikis</c>. Safe for concurrent use.
/// </summary>
internal sealed class PublicRules
{
    /// <summary>
    /// The value of <c>Access:PublicStreams</c> that means the streams which Wikimedia's EventStreams shows of a wiki.
    /// </summary>
    public const string EventStreams = "eventstreams";

    private static readonly string[] s_eventStreams =
    [
        "mediawiki.recentchange", "mediawiki.page-create", "mediawiki.page-delete", "mediawiki.page-move",
        "mediawiki.page-undelete", "mediawiki.page-links-change", "mediawiki.page-properties-change",
        "mediawiki.revision-create", "mediawiki.revision-tags-change", "mediawiki.revision-visibility-change",
        "mediawiki.page_change.v1",
    ];

    private readonly FrozenSet<string> _streams;
    private readonly byte[][] _domains;
    private readonly ConcurrentDictionary<string, bool> _keptPrivate = new(StringComparer.Ordinal);

    /// <param name="streams">Names of streams, and <see cref="EventStreams"/>.</param>
    /// <param name="domains">Domains that the streams are limited to; none: all.</param>
    public PublicRules(IReadOnlyList<string> streams, IReadOnlyList<string> domains)
    {
        _streams = streams
            .SelectMany(static stream => stream == EventStreams ? s_eventStreams : [stream])
            .Where(static stream => !IsNeverPublic(stream))
            .ToFrozenSet(StringComparer.Ordinal);
        _domains = [.. domains.Select(Encoding.UTF8.GetBytes)];
    }

    public bool IsLimitedByDomain => _domains.Length > 0;

    /// <summary>
    /// Streams that no configuration makes public: jobs and purges (their parameters are the wiki's own), suppressed
    /// pages, error streams (they hold raw events), and Dream's streams (its documents say who may see them).
    /// </summary>
    public static bool IsNeverPublic(string stream) =>
        stream.StartsWith("mediawiki.job.", StringComparison.Ordinal)
        || stream.StartsWith("deki.", StringComparison.Ordinal)
        || stream.StartsWith("dream.", StringComparison.Ordinal)
        || stream.Contains("suppress", StringComparison.OrdinalIgnoreCase)
        || stream.Contains("error", StringComparison.OrdinalIgnoreCase)
        || stream.Contains("purge", StringComparison.OrdinalIgnoreCase)
        || stream == "resource_change";

    public bool HasStream(string stream) => _streams.Contains(stream) && !_keptPrivate.ContainsKey(stream);

    public bool HasDomain(ReadOnlySpan<byte> domain)
    {
        foreach (var allowed in _domains)
        {
            if (Ascii.EqualsIgnoreCase(domain, allowed))
            {
                return true;
            }
        }

        return _domains.Length == 0;
    }

    /// <summary>Keeps a stream private whose name does not show it, such as an error stream.</summary>
    public void KeepPrivate(string stream) => _keptPrivate[stream] = true;
}
