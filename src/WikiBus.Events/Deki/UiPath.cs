using System.Runtime.CompilerServices;
using System.Web;
using WikiBus.Events.Deki.Dream;

namespace WikiBus.Events.Deki;

/// <summary>The paths at which browsers find pages, below the host, as Deki makes them from titles.</summary>
internal static class UiPath
{
    private const string Index = "index.php?title=";

    public static string Of(DekiPage page, [CallerArgumentExpression(nameof(page))] string? name = null)
    {
        ArgumentNullException.ThrowIfNull(page, name);
        return page.Title.Length > 0 || page.Namespace is DekiNamespace.Main or DekiNamespace.MainTalk
            ? Of(page.Namespace, page.Title)
            : throw new ArgumentException("Only the home page and its talk page have an empty title.", name);
    }

    /// <summary>The path of a user's home page, without a query.</summary>
    public static string Of(DekiWiki wiki, DekiUser user)
    {
        var path = wiki.BaseUri is { } uri
            ? (uri.AbsoluteUri + Title(DekiNamespace.User, HttpUtility.UrlDecode(user.Name)))[
                uri.GetLeftPart(UriPartial.Authority).Length..]
            : Of(DekiNamespace.User, user.Name);
        var end = path.AsSpan().IndexOfAny('?', '#');
        return path[..(end < 0 ? path.Length : end)].TrimStart('/');
    }

    private static string Of(DekiNamespace space, string title)
    {
        // A slash within a segment is written twice. So is what the encoding of a slash stands for.
        var path = HttpUtility.UrlDecode(title);
        var segments = path.Replace("//", "%2f", StringComparison.Ordinal).Split('/')
            .Select(segment => segment.Replace("%2f", "//", StringComparison.Ordinal)).ToList();
        return segments.Exists(segment => segment.AsSpan().ContainsAny('%', '&', '+'))
            ? Index + Title(space, path)
            : Prefix(space) + string.Join('/', segments.Select(UriEncoding.Segment)).TrimStart('/');
    }

    private static string Title(DekiNamespace space, string path) =>
        Prefix(space) + UriEncoding.Query(path).Replace("+", "%2b", StringComparison.Ordinal);

    private static string Prefix(DekiNamespace space) => space switch
    {
        DekiNamespace.Main => "",
        DekiNamespace.MainTalk => "Talk:",
        DekiNamespace.User => "User:",
        DekiNamespace.UserTalk => "User_talk:",
        DekiNamespace.Project => "Project:",
        DekiNamespace.ProjectTalk => "Project_talk:",
        DekiNamespace.Template => "Template:",
        DekiNamespace.TemplateTalk => "Template_talk:",
        DekiNamespace.Help => "Help:",
        DekiNamespace.HelpTalk => "Help_talk:",
        DekiNamespace.Attachment => "File:",
        DekiNamespace.Special => "Special:",
        DekiNamespace.SpecialTalk => "Special_talk:",
        DekiNamespace.Admin => "Admin:",
        _ => throw new ArgumentOutOfRangeException(nameof(space), space, "It is not a namespace of Deki."),
    };
}
