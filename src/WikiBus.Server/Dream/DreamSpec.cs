using System.Text.Json.Nodes;
using WikiBus.Server.Dream.Settings;

namespace WikiBus.Server.Dream;

/// <summary>The OpenAPI part of Dream's pub/sub service. All its documents are XML.</summary>
internal static class DreamSpec
{
    /// <summary>The routes with their methods, what these do, and the statuses of their answers.</summary>
    private static readonly (string Path, string Method, string Id, string Summary, int[] Statuses)[] s_routes =
    [
        ("/publish", "post", "dreamPublish", "Takes an event in, whatever its body is.", [200, 400, 403, 413, 503]),
        ("/subscribers", "get", "dreamCombinedSet", "The combined set.", [200, 403, 503]),
        ("/subscribers", "post", "dreamCreateSet", "Creates a subscription set.", [201, 400, 403, 409, 413, 503]),
        ("/subscribers/{location}", "get", "dreamSet", "A subscription set.", [200, 403, 404, 503]),
        ("/subscribers/{location}", "put", "dreamReplaceSet", "Replaces a set, unless its version is not newer.",
            [200, 304, 400, 403, 404, 413, 503]),
        ("/subscribers/{location}", "post", "dreamUpdateSet", "The same, for the combined sets of other services.",
            [200, 304, 400, 403, 404, 413, 503]),
        ("/subscribers/{location}", "delete", "dreamDeleteSet", "Deletes a set with what waits for it.",
            [200, 403, 503]),
        ("/diagnostics/subscriptions", "get", "dreamSets", "All sets.", [200, 403, 503]),
    ];

    public static JsonObject Paths(IServiceProvider services)
    {
        var paths = new JsonObject();
        foreach (var (path, method, id, summary, statuses) in s_routes)
        {
            var whole = services.GetRequiredService<DreamOptions>().Path + path;
            var item = paths[whole] as JsonObject ?? [];
            item[method] = Operation(path, id, summary, statuses);
            paths[whole] = item;
        }

        return paths;
    }

    private static JsonObject Operation(string path, string id, string summary, int[] statuses)
    {
        var operation = new JsonObject
        {
            ["tags"] = new JsonArray("Dream"),
            ["summary"] = summary,
            ["operationId"] = id,
            ["security"] = JsonNode.Parse("""[{"bearer": []}, {"query": []}, {"cookie": []}]"""),
            ["responses"] = new JsonObject(statuses.Select(static status => KeyValuePair.Create(
                $"{status}", JsonNode.Parse(
                    """{"description": "XML.", "content": {"application/xml": {"schema": {"type": "string"}}}}""")))),
        };
        if (path.Contains('{', StringComparison.Ordinal))
        {
            operation["parameters"] = JsonNode.Parse(
                """[{"name": "location", "in": "path", "required": true, "schema": {"type": "string"}}]""");
        }

        return operation;
    }
}
