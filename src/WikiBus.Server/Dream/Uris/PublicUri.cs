using WikiBus.Server.Dream.Settings;

namespace WikiBus.Server.Dream.Uris;

/// <summary>
/// The URI of the service as one caller knows it, for the answer to that caller: the parameter <c>dream.in.uri</c> (the
/// URI of the host), else <c>X-Forwarded-Host</c>, else <c>Host</c>. Nothing else follows what a caller claims here.
/// </summary>
/// <remarks>Source: recorded answers of Dream's PubSub service.</remarks>
internal sealed class PublicUri(OwnUris own, DreamOptions options)
{
    private const string Parameter = "dream.in.uri";
    private const string ForwardedHost = "X-Forwarded-Host";

    /// <summary>The URI of the service without a slash at its end.</summary>
    public string Of(HttpRequest request)
    {
        string[] candidates =
        [
            request.Query[Parameter].FirstOrDefault() ?? "",
            WithScheme(request, request.Headers[ForwardedHost].ToString()),
            WithScheme(request, request.Headers.Host.ToString()),
        ];
        foreach (var candidate in candidates)
        {
            if (DreamUri.TryParse(candidate, out var uri) && uri.Authority.Length > 0
                && uri.Scheme.ToLowerInvariant() is "http" or "https")
            {
                return $"{uri.Scheme}://{uri.Authority}{uri.Path.TrimEnd('/')}{options.Path}";
            }
        }

        return own.Own;
    }

    /// <summary>The path of a request below that of the service.</summary>
    public string PathBelow(HttpRequest request) => request.Path.ToUriComponent()[options.Path.Length..];

    private static string WithScheme(HttpRequest request, string host) =>
        host.Length > 0 ? $"{request.Scheme}://{host.Split(',')[0].Trim()}" : "";
}
