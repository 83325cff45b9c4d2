using System.Text.Json;
using System.Text.Json.Nodes;

namespace WikiBus.FunctionalTests.Intake;

/// <summary>
/// Compares an event of EventGate, which serialised it again, with one of the bus, which filled it in. Numbers are
/// compared as JavaScript reads them, and members in any order. EventGate's may lack members that the bus fills in.
/// </summary>
internal static class EventComparison
{
    private static readonly JsonDocumentOptions s_deep = new() { MaxDepth = 100_000 };

    /// <param name="ours">As the bus has it.</param>
    /// <param name="theirs">As EventGate has it.</param>
    public static bool AreSame(string ours, string theirs)
    {
        var mine = Parse(ours);
        var other = Parse(theirs);
        if (other is not JsonObject || mine is not JsonObject)
        {
            // The bus wraps an item that is not an object, so that the PHP producer can read the answer.
            mine = mine is JsonObject wrapper && other is not JsonObject ? wrapper["value"] : mine;
            return JsonNode.DeepEquals(mine, other);
        }

        RemoveFilled(mine, other, "meta", "dt");
        RemoveFilled(mine, other, "meta", "id");
        RemoveFilled(mine, other, "meta", "request_id");
        if (other["http"] is null)
        {
            mine.AsObject().Remove("http");
        }

        return JsonNode.DeepEquals(mine, other);
    }

    private static JsonNode? Parse(string text)
    {
        using var document = JsonDocument.Parse(text, s_deep);
        return Node(document.RootElement);
    }

    // Lone surrogates cannot be read as text, so strings are compared by their escaped form.
    private static JsonNode? Node(JsonElement element)
    {
        switch (element.ValueKind)
        {
            case JsonValueKind.Object:
                var members = new JsonObject();
                foreach (var member in element.EnumerateObject())
                {
                    members[member.Name] = Node(member.Value);
                }

                return members;
            case JsonValueKind.Array:
                return new JsonArray([.. element.EnumerateArray().Select(Node)]);
            case JsonValueKind.Number:
                return JsonValue.Create(element.GetDouble());
            case JsonValueKind.String:
                return JsonValue.Create(Text(element));
            case JsonValueKind.Null:
                return null;
            default:
                return JsonValue.Create(element.GetBoolean());
        }
    }

    private static string Text(JsonElement element)
    {
        try
        {
            return element.GetString()!;
        }
        catch (InvalidOperationException)
        {
            return element.GetRawText();
        }
    }

    private static void RemoveFilled(JsonNode mine, JsonNode other, string parent, string name)
    {
        if (mine[parent] is JsonObject filled && (other[parent] as JsonObject)?.ContainsKey(name) == false)
        {
            filled.Remove(name);
        }
    }

}
