using System.Globalization;
using System.Text;

namespace WikiBus.Schemas.Documents;

/// <summary>
/// A URI reference in its parts (RFC 3986, section 5.2). The framework's Uri does not fit: a repository's base URIs are
/// relative (<c>/mediawiki/job/1.0.0</c>), and only dot segments may be normalised.
/// </summary>
internal readonly record struct SchemaUri(
    string? Scheme, string? Authority, string Path, string? Query, string? Fragment)
{
    public static SchemaUri Parse(string text)
    {
        string? scheme = null, authority = null, query = null, fragment = null;
        if (text.IndexOf('#', StringComparison.Ordinal) is var hash and >= 0)
        {
            fragment = text[(hash + 1)..];
            text = text[..hash];
        }
        if (text.IndexOf('?', StringComparison.Ordinal) is var question and >= 0)
        {
            query = text[(question + 1)..];
            text = text[..question];
        }
        if (text.IndexOfAny([':', '/']) is var colon and > 0 && text[colon] == ':')
        {
            scheme = text[..colon];
            text = text[(colon + 1)..];
        }
        if (text.StartsWith("//", StringComparison.Ordinal))
        {
            var end = text.IndexOf('/', 2);
            authority = end < 0 ? text[2..] : text[2..end];
            text = end < 0 ? "" : text[end..];
        }
        return new SchemaUri(scheme, authority, text, query, fragment);
    }

    /// <summary>A reference relative to a base, with its fragment.</summary>
    public static SchemaUri Resolve(string baseUri, string reference)
    {
        var target = Parse(reference);
        if (target.Scheme is not null)
        {
            return target;
        }

        var origin = Parse(baseUri);
        if (target.Authority is not null)
        {
            return target with { Scheme = origin.Scheme };
        }

        if (target.Path.Length == 0)
        {
            return origin with { Query = target.Query ?? origin.Query, Fragment = target.Fragment };
        }

        var path = target.Path[0] == '/' ? target.Path : Merge(origin, target.Path);
        return target with { Scheme = origin.Scheme, Authority = origin.Authority, Path = RemoveDotSegments(path) };
    }

    /// <summary>A name as part of a schema path: a JSON pointer's token in a URI fragment.</summary>
    public static string PathToken(string name)
    {
        var pointer = name.Replace("~", "~0", StringComparison.Ordinal).Replace("/", "~1", StringComparison.Ordinal);
        var path = new StringBuilder();
        foreach (var unit in Encoding.UTF8.GetBytes(pointer))
        {
            if (char.IsAsciiLetterOrDigit((char)unit) || "-_.!~*'()".Contains((char)unit, StringComparison.Ordinal))
            {
                path.Append((char)unit);
            }
            else
            {
                path.Append(CultureInfo.InvariantCulture, $"%{unit:X2}");
            }
        }
        return path.ToString();
    }

    /// <summary>The URI of the document: without the fragment.</summary>
    public string Document
    {
        get
        {
            var text = new StringBuilder();
            if (Scheme is not null)
            {
                text.Append(Scheme).Append(':');
            }

            if (Authority is not null)
            {
                text.Append("//").Append(Authority);
            }

            text.Append(Path);
            if (Query is not null)
            {
                text.Append('?').Append(Query);
            }

            return text.ToString();
        }
    }

    private static string Merge(SchemaUri origin, string path) =>
        origin.Authority is not null && origin.Path.Length == 0
            ? "/" + path
            : origin.Path[..(origin.Path.LastIndexOf('/') + 1)] + path;

    private static string RemoveDotSegments(string path)
    {
        if (!path.Contains('.', StringComparison.Ordinal))
        {
            return path;
        }

        var kept = new List<string>();
        var segments = path.Split('/');
        for (var i = 0; i < segments.Length; i++)
        {
            var isLast = i == segments.Length - 1;
            if (segments[i] == "..")
            {
                if (kept.Count > 1 || (kept.Count == 1 && kept[0].Length > 0))
                {
                    kept.RemoveAt(kept.Count - 1);
                }
            }
            else if (segments[i] != ".")
            {
                kept.Add(segments[i]);
                continue;
            }
            if (isLast)
            {
                kept.Add("");
            }
        }
        return string.Join('/', kept);
    }
}
