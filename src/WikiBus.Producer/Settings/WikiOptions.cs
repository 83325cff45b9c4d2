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
}
