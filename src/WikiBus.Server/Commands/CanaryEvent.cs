using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace WikiBus.Server.Commands;

/// <summary>
/// Turns an event into a canary: one that tries the way through and that readers do not get unless they ask for it.
/// </summary>
internal static class CanaryEvent
{
    private static readonly JsonSerializerOptions s_options = new()
    {
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        MaxDepth = 2048,
    };

    /// <summary>
    /// The event with the domain <c>canary</c> and, so that it is not taken for a repeat, without id and time of its
    /// own.
    /// </summary>
    public static PostedEvent From(PostedEvent posted)
    {
        var node = JsonNode.Parse(posted.Json, documentOptions: new JsonDocumentOptions { MaxDepth = 2048 });
        if (node is not JsonObject root || root["meta"] is not JsonObject meta)
        {
            throw new CommandFault(
                $"{posted.Source}: event {posted.Number} has no object meta, so it cannot be a canary.");
        }

        meta.Remove("id");
        meta.Remove("dt");
        meta["domain"] = "canary";
        return posted with { Json = JsonSerializer.SerializeToUtf8Bytes(root, s_options) };
    }
}
