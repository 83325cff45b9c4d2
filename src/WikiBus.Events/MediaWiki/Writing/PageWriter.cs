using WikiBus.Events.Php;

namespace WikiBus.Events.MediaWiki.Writing;

/// <summary>Writes the members that name a page, and those that lists on it have.</summary>
internal static class PageWriter
{
    public static void Write(PhpJsonBuilder json, WikiPage page)
    {
        json.Write("page_id", page.Id);
        json.Write("page_title", page.Key);
        json.Write("page_namespace", page.Namespace);
        json.Write("page_is_redirect", page.IsRedirect);
    }

    /// <summary>Writes the properties; nothing if there are none.</summary>
    public static void WriteProperties(PhpJsonBuilder json, string name, IReadOnlyList<PageProperty> properties)
    {
        if (properties.Count == 0)
        {
            return;
        }

        json.BeginObject(name);
        foreach (var property in properties)
        {
            if (property.Number is { } number)
            {
                json.Write(property.Name, number);
            }
            else
            {
                json.Write(property.Name, property.Text!);
            }
        }

        json.EndObject();
    }

    /// <summary>Writes links to pages, then links to URLs; nothing if there are none.</summary>
    public static void WriteLinks(PhpJsonBuilder json, WikiSite site, string name, IReadOnlyList<PageLink> links)
    {
        if (links.Count == 0)
        {
            return;
        }

        json.BeginList(name);
        foreach (var link in links.OrderBy(static link => link.IsExternal))
        {
            // EventBus encodes the URL of a page although it is encoded already.
            var url = link.IsExternal ? link.Target : WikiUrl.LocalPath(site, link.Target);
            json.BeginObject();
            json.Write("link", WikiUrl.Encode(url));
            json.Write("external", link.IsExternal);
            json.EndObject();
        }

        json.EndList();
    }

    /// <summary>Writes the protection; nothing if there is none, since the schemas refuse PHP's empty list.</summary>
    public static void WriteRestrictions(PhpJsonBuilder json, IReadOnlyList<PageRestriction> restrictions)
    {
        if (restrictions.Count == 0)
        {
            return;
        }

        json.BeginObject("page_restrictions");
        foreach (var restriction in restrictions)
        {
            json.Write(restriction.Action, restriction.Level);
        }

        json.EndObject();
    }
}
