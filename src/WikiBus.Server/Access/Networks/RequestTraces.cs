namespace WikiBus.Server.Access.Networks;

/// <summary>
/// Finds <see cref="RequestTrace"/>s in one pass over the headers, since it runs for every request without a key.
/// </summary>
internal static class RequestTraces
{
    public static RequestTrace Of(IHeaderDictionary headers)
    {
        var traces = RequestTrace.None;
        foreach (var (name, _) in headers)
        {
            traces |= Of(name);
        }

        return traces;
    }

    /// <summary>
    /// Does a page of this server send the request, or a person who opened an address? A cookie alone does not show
    /// this: browsers send it also for pages of other ports.
    /// </summary>
    public static bool IsSameOrigin(HttpRequest request)
    {
        var origin = request.Headers.Origin.ToString();
        return request.Headers["Sec-Fetch-Site"].ToString() is "" or "same-origin" or "none"
            && (origin.Length == 0 || IsOf(origin, "http://") || IsOf(origin, "https://"));

        // A proxy may have ended TLS, so the scheme is not known here.
        bool IsOf(string from, string scheme) =>
            from.Equals(scheme + TrustedHosts.Of(request).Value, StringComparison.OrdinalIgnoreCase);
    }

    private static RequestTrace Of(string name) => (name[0] | 0x20) switch
    {
        'o' when Is(name, "Origin") => RequestTrace.Browser,
        's' when Is(name, "Sec-Fetch-Site") => RequestTrace.Browser,
        'f' when Is(name, "Forwarded") => RequestTrace.Forwarded,
        'v' when Is(name, "Via") => RequestTrace.Forwarded,
        'x' when Is(name, "X-Real-IP") || name.StartsWith("X-Forwarded-", StringComparison.OrdinalIgnoreCase) =>
            RequestTrace.Forwarded,
        _ => RequestTrace.None,
    };

    private static bool Is(string name, string header) =>
        string.Equals(name, header, StringComparison.OrdinalIgnoreCase);
}
