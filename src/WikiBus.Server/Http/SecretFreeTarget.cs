namespace WikiBus.Server.Http;

/// <summary>
/// The path and query of a request as they came, without a key or token in the query, for answers and logging.
/// </summary>
internal static class SecretFreeTarget
{
    private static readonly string[] s_secrets = ["apikey", "access-key", "token"];

    public static string Of(HttpRequest request)
    {
        var query = request.QueryString.Value ?? "";
        return request.PathBase.ToUriComponent() + request.Path.ToUriComponent() + WithoutSecrets(query);
    }

    /// <summary>Is a part of a query, such as <c>apikey=x</c>, a key or token?</summary>
    public static bool IsSecret(string part) => s_secrets.Contains(
        Uri.UnescapeDataString(part.Split('=')[0].Replace('+', ' ')), StringComparer.OrdinalIgnoreCase);

    private static string WithoutSecrets(string query)
    {
        var parts = query.TrimStart('?').Split('&');
        return Array.Exists(parts, IsSecret)
            ? "?" + string.Join('&', parts.Select(static part => IsSecret(part) ? part.Split('=')[0] + "=…" : part))
            : query;
    }
}
