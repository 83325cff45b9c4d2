namespace WikiBus.Server.Http;

/// <summary>
/// The path and query of a request as they came, without a key or token in the query, for answers and logging.
/// </summary>
internal static class SecretFreeTarget
{
    private static readonly string[] s_secrets = ["apikey=", "token="];

    public static string Of(HttpRequest request)
    {
        var query = request.QueryString.Value ?? "";
        return request.PathBase.ToUriComponent() + request.Path.ToUriComponent() + WithoutSecrets(query);
    }

    private static string WithoutSecrets(string query)
    {
        if (!s_secrets.Any(name => query.Contains(name, StringComparison.OrdinalIgnoreCase)))
        {
            return query;
        }

        var parts = query.TrimStart('?').Split('&')
            .Select(static part => s_secrets.FirstOrDefault(
                name => part.StartsWith(name, StringComparison.OrdinalIgnoreCase)) is { } secret
                ? secret + "…"
                : part);
        return "?" + string.Join('&', parts);
    }
}
