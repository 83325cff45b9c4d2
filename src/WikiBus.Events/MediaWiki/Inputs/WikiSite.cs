using System.Text;

namespace WikiBus.Events.MediaWiki;

/// <summary>The wiki that events come from.</summary>
public sealed record WikiSite
{
    /// <summary>The wiki's id, as <c>testwiki</c>: <c>database</c> and <c>wiki_id</c> (<c>$wgDBname</c>).</summary>
    public required string Database { get; init => field = Require.Text(value); }

    /// <summary>The wiki's host, as <c>wiki.example.org</c>: <c>meta.domain</c> (<c>$wgServerName</c>).</summary>
    public required string ServerName { get; init => field = Require.Text(value); }

    /// <summary>Scheme and host of URLs, without a slash at the end (<c>$wgCanonicalServer</c>).</summary>
    public required string CanonicalServer { get; init => field = Absolute(value); }

    /// <summary>The path of pages, with <c>$1</c> for the title (<c>$wgArticlePath</c>).</summary>
    public string ArticlePath { get; init => field = WithTitle(value); } = "/wiki/$1";

    /// <summary>The path of scripts, without a slash at the end; may be empty (<c>$wgScriptPath</c>).</summary>
    public string ScriptPath { get; init => field = WithoutEnd(value); } = "/w";

    /// <summary>Whether changes are checked by other users (<c>$wgUseRCPatrol</c>).</summary>
    public bool PatrolsChanges { get; init; } = true;

    /// <summary>Whether new pages are checked by other users (<c>$wgUseNPPatrol</c>).</summary>
    public bool PatrolsNewPages { get; init; } = true;

    /// <summary>The name of namespace 2 in the wiki's language.</summary>
    public string UserNamespace { get; init => field = Require.Text(value); } = "User";

    /// <summary>The numbers of the namespaces with content (<c>$wgContentNamespaces</c>).</summary>
    public IReadOnlySet<int> ContentNamespaces { get; init; } = new HashSet<int> { 0 };

    private static string Absolute(string server) =>
        Uri.IsWellFormedUriString(server, UriKind.Absolute) && Ascii.IsValid(server) && !server.EndsWith('/')
            ? server
            : throw new ArgumentException(
                "CanonicalServer must be a scheme and a host in ASCII without a slash at the end, "
                + "as https://wiki.example.org.", nameof(server));

    private static string WithoutEnd(string path) =>
        path is { Length: 0 }
        || (path is not null && path.StartsWith('/') && !path.EndsWith('/')
            && Uri.IsWellFormedUriString(path, UriKind.Relative) && Ascii.IsValid(path))
            ? path
            : throw new ArgumentException(
                "The path of scripts must be empty, or ASCII that begins with a slash and does not end with one.",
                nameof(path));

    private static string WithTitle(string path) =>
        path is not null && path.StartsWith('/') && path.Contains("$1", StringComparison.Ordinal)
        && Uri.IsWellFormedUriString(path, UriKind.Relative) && Ascii.IsValid(path)
            ? path
            : throw new ArgumentException(
                "The path of pages must be ASCII, begin with a slash, and have $1 for the title.", nameof(path));
}
