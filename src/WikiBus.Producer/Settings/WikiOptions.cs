using WikiBus.Events.MediaWiki;

namespace WikiBus.Producer;

/// <summary>The wiki, as configuration binds it; see <see cref="WikiSite"/>.</summary>
public sealed class WikiOptions
{
    /// <summary>The wiki's id (<c>$wgDBname</c>).</summary>
    public string Database { get; set; } = "";

    /// <summary>The wiki's host (<c>$wgServerName</c>).</summary>
    public string ServerName { get; set; } = "";

    /// <summary>Scheme and host of URLs, without a slash at the end (<c>$wgCanonicalServer</c>).</summary>
    public string CanonicalServer { get; set; } = "";

    /// <summary>The path of pages, with <c>$1</c> for the title (<c>$wgArticlePath</c>).</summary>
    public string ArticlePath { get; set; } = "/wiki/$1";

    /// <summary>The path of scripts, without a slash at the end; may be empty (<c>$wgScriptPath</c>).</summary>
    public string ScriptPath { get; set; } = "/w";

    /// <summary>The name of namespace 2 in the wiki's language.</summary>
    public string UserNamespace { get; set; } = "User";

    /// <summary>
    /// The numbers of the namespaces with content (<c>$wgContentNamespaces</c>); null, the default, is only 0.
    /// </summary>
    public IList<int>? ContentNamespaces { get; set; }

    /// <summary>Whether changes are checked by other users (<c>$wgUseRCPatrol</c>).</summary>
    public bool PatrolsChanges { get; set; } = true;

    /// <summary>Whether new pages are checked by other users (<c>$wgUseNPPatrol</c>).</summary>
    public bool PatrolsNewPages { get; set; } = true;

    internal WikiSite ToSite() => new()
    {
        Database = Database,
        ServerName = ServerName,
        CanonicalServer = CanonicalServer,
        ArticlePath = ArticlePath,
        ScriptPath = ScriptPath,
        UserNamespace = UserNamespace,
        ContentNamespaces = (ContentNamespaces ?? [0]).ToHashSet(),
        PatrolsChanges = PatrolsChanges,
        PatrolsNewPages = PatrolsNewPages,
    };
}
