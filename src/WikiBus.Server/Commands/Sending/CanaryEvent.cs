using System.Text.Json.Nodes;
using System.Text.Json;
using WikiBus.Server.Commands.Client;
using WikiBus.Server.Http;

namespace WikiBus.Server.Commands.Sending;

/// <summary>
/// Turns an event into a canary, which only proves that the way through works. Readers get it only on request.
/// </summary>
internal static class CanaryEvent
{
    private static readonly JsonSerializerOptions s_options = new(JsonOutput.Serializer) { MaxDepth = 2048 };

    /// <summary>
    /// The event with the domain <c>canary</c>. It loses its id and time, so that it is not taken for a repeat.
    /// </summary>
    public static PostedEvent From(PostedEvent posted)
    {
        var node = JsonNode.Parse(posted.Json, documentOptions: new JsonDocumentOptions { MaxDepth = 2048 });
        if (node is not JsonObject root || root["meta"] is not JsonObject meta)
        {
            throw new CommandFault(
                $"{posted.Source} line {posted.Line}: event {posted.Number} has no object meta, "
                + "so it cannot be a canary.");
        }

        meta.Remove("id");
        meta.Remove("dt");
        meta["domain"] = "canary";
        return posted with { Json = JsonSerializer.SerializeToUtf8Bytes(root, s_options) };
    }
}
