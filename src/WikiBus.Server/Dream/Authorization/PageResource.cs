using WikiBus.Server.Dream.Uris;

namespace WikiBus.Server.Dream.Authorization;

/// <summary>A page that a subscription names: <c>deki://WIKI/pages/ID</c>.</summary>
/// <param name="Wiki">The id of its wiki.</param>
/// <param name="Page">Its id.</param>
/// <param name="IsTree">Also all pages below it: the fragment is <c>depth=infinity</c>.</param>
internal sealed record PageResource(string Wiki, string Page, bool IsTree)
{
    /// <summary>Null: the resource names no page.</summary>
    public static PageResource? TryRead(string resource)
    {
        if (!DreamUri.TryParse(resource, out var uri) || !uri.Scheme.Equals("deki", StringComparison.OrdinalIgnoreCase))
        {
            return null;
        }

        var segments = uri.Path.Split('/', StringSplitOptions.RemoveEmptyEntries);
        return segments is [var pages, var id] && pages.Equals("pages", StringComparison.OrdinalIgnoreCase)
            && DekiApi.ToId(id) is not null
            ? new PageResource(
                uri.Authority, id, uri.Fragment.Contains("depth=infinity", StringComparison.OrdinalIgnoreCase))
            : null;
    }
}
