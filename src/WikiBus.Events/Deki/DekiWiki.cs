using System.Text;

namespace WikiBus.Events.Deki;

/// <summary>The wiki that events come from, as the request that causes them sees it.</summary>
public sealed record DekiWiki
{
    /// <summary>The wiki's id, as <c>default</c>. Channels have it as their host, so it must be a valid host.</summary>
    public required string Id { get; init => field = Host(value); }

    /// <summary>
    /// The public URI of the API, as <c>http://wiki.example.org/@api/deki</c>: absolute, <c>http</c> or <c>https</c>,
    /// without credentials, query and fragment. The events of the site have the one of the request that started the
    /// wiki.
    /// </summary>
    public required Uri ApiUri { get; init => field = OfApi(value); }

    /// <summary>When the request came. Events have whole seconds; the fraction is cut off.</summary>
    public required DateTimeOffset Time { get; init; }

    /// <summary>
    /// What the request wants before titles (its parameter <c>baseuri</c>), as
    /// <c>http://ui.example.org/wiki/</c>: only the paths of users change. Null without that parameter.
    /// </summary>
    public Uri? BaseUri { get; init => field = value is null ? null : Absolute(value, nameof(BaseUri)); }

    /// <summary>The API's URI, without a slash at its end.</summary>
    internal string Api => ApiUri.AbsoluteUri.TrimEnd('/');

    /// <summary>The path of the API's URI, without a slash at its end.</summary>
    internal string ApiPath => ApiUri.AbsolutePath.TrimEnd('/');

    /// <summary>The API's URI with the wiki's id as its host.</summary>
    internal string ApiOfWiki =>
        $"{ApiUri.Scheme}://{Id}{(ApiUri.IsDefaultPort ? "" : $":{ApiUri.Port}")}{ApiPath}";

    private static string Host(string id)
    {
        ArgumentNullException.ThrowIfNull(id, nameof(Id));
        return HostName.IsValid(Encoding.UTF8.GetBytes(id))
            ? id
            : throw new ArgumentException($"The wiki id {id} is not a valid host.", nameof(Id));
    }

    private static Uri OfApi(Uri uri)
    {
        Absolute(uri, nameof(ApiUri));
        return uri.UserInfo.Length == 0 && uri.Query.Length == 0 && uri.Fragment.Length == 0
            ? uri
            : throw new ArgumentException("The API's URI has credentials, a query or a fragment.", nameof(ApiUri));
    }

    private static Uri Absolute(Uri uri, string name)
    {
        ArgumentNullException.ThrowIfNull(uri, name);
        return uri.IsAbsoluteUri && (uri.Scheme == Uri.UriSchemeHttp || uri.Scheme == Uri.UriSchemeHttps)
            ? uri
            : throw new ArgumentException($"{uri} is not an absolute URI of http or https.", name);
    }
}
