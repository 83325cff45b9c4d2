namespace WikiBus.Events.MediaWiki.Writing;

/// <summary>URLs of a wiki's pages, as MediaWiki makes them.</summary>
internal static class WikiUrl
{
    private const string Unreserved = "-_.";

    // What wfUrlencode leaves, beside letters, digits and PHP's unreserved characters.
    private const string Restored = ";@$!*(),/~:";

    /// <summary>The canonical URL of a page.</summary>
    /// <param name="site">The wiki.</param>
    /// <param name="key">The page's title with its namespace, with underscores.</param>
    public static string OfPage(WikiSite site, string key) =>
        site.CanonicalServer + LocalPath(site, key);

    /// <summary>The URL of a page without scheme and host.</summary>
    public static string LocalPath(WikiSite site, string key) =>
        site.ArticlePath.Replace("$1", Encode(key), StringComparison.Ordinal);

    /// <summary>Encodes a text as MediaWiki's <c>wfUrlencode</c>: a blank becomes <c>+</c>.</summary>
    public static string Encode(string text) => PercentEncoding.Encode(text, Unreserved + Restored);
}
