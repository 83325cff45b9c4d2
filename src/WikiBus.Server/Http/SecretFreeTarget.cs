namespace WikiBus.Server.Http;

/// <summary>
/// The path and query of a request as they came, without an API key in the query, for answers and logging.
/// </summary>
internal static class SecretFreeTarget
{
    private const string KeyParameter = "apikey=";

    public static string Of(HttpRequest request)
    {
        var query = request.QueryString.Value ?? "";
        return request.PathBase.ToUriComponent() + request.Path.ToUriComponent() + WithoutKey(query);
    }

    private static string WithoutKey(string query)
    {
        if (!query.Contains(KeyParameter, StringComparison.OrdinalIgnoreCase))
        {
            return query;
        }

        var parts = query.TrimStart('?').Split('&')
            .Select(static part => part.StartsWith(KeyParameter, StringComparison.OrdinalIgnoreCase)
                ? KeyParameter + "…"
                : part);
        return "?" + string.Join('&', parts);
    }
}
