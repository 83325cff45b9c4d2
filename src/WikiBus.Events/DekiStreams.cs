using System.Collections.Frozen;

namespace WikiBus.Events;

/// <summary>
/// The streams of the events of MindTouch Deki and of other Dream services, by their channels. A channel never makes a
/// new stream: there are <see cref="All"/>, and no others. All members are safe for concurrent use.
/// </summary>
public static class DekiStreams
{
    /// <summary>The stream of Deki's events that have none of their own.</summary>
    public const string OtherDeki = "deki.other";

    /// <summary>The stream of all events that are not Deki's.</summary>
    public const string Other = "dream.other";

    private const string Prefix = "deki.";

    /// <summary>The paths of Deki's events below <c>event://{wikiid}/deki/</c>.</summary>
    private static readonly string[] s_paths =
    [
        "pages/noop", "pages/create", "pages/update", "pages/delete", "pages/move", "pages/revert", "pages/rated",
        "pages/view", "pages/createalias", "pages/tags/update",
        "pages/security/create", "pages/security/update", "pages/security/delete",
        "pages/properties/create", "pages/properties/update", "pages/properties/delete",
        "files/noop", "files/create", "files/update", "files/move", "files/delete", "files/restore",
        "files/properties/create", "files/properties/update", "files/properties/delete",
        "comments/noop", "comments/create", "comments/update", "comments/delete",
        "users/create", "users/update", "users/update/password", "users/login",
        "users/properties/create", "users/properties/update", "users/properties/delete",
        "ban/create", "ban/delete",
        "site/start", "site/started", "site/stop", "site/settings/update", "site/license/update", "site/reindex",
        "site/properties/create", "site/properties/update", "site/properties/delete",
    ];

    /// <summary>Paths that go on with anything; all of it is one stream.</summary>
    private static readonly string[] s_prefixes =
        ["pages/message", "pages/dependentschanged", "users/dependentschanged"];

    private static readonly FrozenDictionary<string, string> s_streams =
        s_paths.ToFrozenDictionary(static path => path, StreamOf, StringComparer.OrdinalIgnoreCase);

    /// <summary>All streams.</summary>
    public static IReadOnlyList<string> All { get; } =
        [.. s_paths.Concat(s_prefixes).Select(StreamOf), OtherDeki, Other];

    /// <summary>The stream of an event.</summary>
    /// <param name="channel">Its channel, such as <c>event://default/deki/pages/create</c>. Query and fragment do not
    /// count, and neither does case.</param>
    public static string Find(string channel)
    {
        ArgumentNullException.ThrowIfNull(channel);
        if (PathOf(channel) is not ['d' or 'D', 'e' or 'E', 'k' or 'K', 'i' or 'I', '/', ..] path)
        {
            return Other;
        }

        var below = path[5..];
        if (s_streams.TryGetValue(below, out var stream))
        {
            return stream;
        }

        foreach (var prefix in s_prefixes)
        {
            if (below.StartsWith(prefix + "/", StringComparison.OrdinalIgnoreCase))
            {
                return StreamOf(prefix);
            }
        }

        return OtherDeki;
    }

    private static string StreamOf(string path) => Prefix + path.Replace('/', '.');

    // The path without its first and last slash; null: it is not a channel of events.
    private static string? PathOf(string channel)
    {
        const string scheme = "event://";
        if (!channel.StartsWith(scheme, StringComparison.OrdinalIgnoreCase))
        {
            return null;
        }

        var end = channel.AsSpan().IndexOfAny('?', '#');
        var text = end < 0 ? channel : channel[..end];
        var slash = text.IndexOf('/', scheme.Length);
        return slash < 0 ? null : text[(slash + 1)..].TrimEnd('/');
    }
}
