using System.Globalization;
using Microsoft.Net.Http.Headers;
using WikiBus.Schemas;
using WikiBus.Server.Http;

namespace WikiBus.Server.Schemas;

/// <summary><c>GET /v1/schemas/{uri…}</c>: a schema as the bus uses it, as JSON or as YAML.</summary>
internal static class SchemaEndpoints
{
    private const string JsonType = "application/schema+json";
    private const string YamlType = "application/yaml";

    public static async Task GetAsync(HttpContext context)
    {
        CommonHeaders.Set(context.Response);
        var uri = "/" + context.GetRouteValue("uri");
        var repository = context.RequestServices.GetRequiredService<SchemaRepository>();
        if (await repository.GetTextAsync(uri, context.RequestAborted) is not { } schema)
        {
            await Problem.WriteAsync(context, StatusCodes.Status404NotFound, "not_found", "Schema not found",
                $"There is no schema {Echo.Of(uri)}.");
            return;
        }

        var isYaml = PrefersYaml(context.Request);
        await WriteAsync(context, isYaml ? schema.Utf8 : schema.Json, isYaml ? YamlType : JsonType);
    }

    private static Task WriteAsync(HttpContext context, ReadOnlyMemory<byte> text, string type)
    {
        var maxAge = context.RequestServices.GetRequiredService<SchemasOptions>().RefreshInterval.TotalSeconds;
        var headers = context.Response.Headers;
        headers.CacheControl = string.Create(CultureInfo.InvariantCulture, $"public, max-age={maxAge:0}");
        headers.Vary = HeaderNames.Accept;
        return WholeAnswer.WriteAsync(context, type, text, WholeAnswer.TagOf(text.Span));
    }

    /// <summary>
    /// True for a client that prefers YAML to JSON. A schema written in JSON is sent as it is: JSON is YAML too.
    /// </summary>
    private static bool PrefersYaml(HttpRequest request)
    {
        var accepted = request.GetTypedHeaders().Accept;
        return Quality(accepted, "yaml") is > 0 and var yaml && yaml > Quality(accepted, "json");
    }

    private static double Quality(IList<MediaTypeHeaderValue> accepted, string name) => accepted
        .Where(type => type.SubType.EndsWith(name, StringComparison.OrdinalIgnoreCase))
        .Select(static type => type.Quality ?? 1)
        .DefaultIfEmpty(0)
        .Max();
}
