using System.Text.Json;

namespace WikiBus.Producer;

/// <summary>A job that the wiki made and that is to be run now. Its signature is valid.</summary>
public sealed class ReceivedJob
{
    internal ReceivedJob(
        string type, JsonElement parameters, IReadOnlyDictionary<string, byte[]> binaryParameters, JsonElement jobEvent)
    {
        Type = type;
        Parameters = parameters;
        BinaryParameters = binaryParameters;
        Event = jobEvent;
    }

    /// <summary>Its type, as <c>refreshLinks</c>.</summary>
    public string Type { get; }

    /// <summary>Its parameters: an object. A list is an object with the keys 0, 1, … here, as in PHP.</summary>
    public JsonElement Parameters { get; }

    /// <summary>
    /// The bytes of the parameters that are data URIs of <c>application/octet-stream</c> in base64, by their names.
    /// Such parameters are in <see cref="Parameters"/> as URIs.
    /// </summary>
    public IReadOnlyDictionary<string, byte[]> BinaryParameters { get; }

    /// <summary>The request that caused it (<c>params.requestId</c>); null if it names none.</summary>
    public string? RequestId =>
        Parameters.TryGetProperty("requestId", out var id) && id.ValueKind == JsonValueKind.String
            ? id.GetString()
            : null;

    /// <summary>The whole event, with <c>meta</c>, <c>delay_until</c> and <c>root_event</c>.</summary>
    public JsonElement Event { get; }
}
