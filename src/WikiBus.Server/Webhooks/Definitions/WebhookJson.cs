using System.Text.Json.Serialization;

namespace WikiBus.Server.Webhooks.Definitions;

/// <summary>
/// The JSON of webhooks in requests and in the state database. Unknown and repeated members are faults.
/// </summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    UseStringEnumConverter = true,
    AllowDuplicateProperties = false,
    UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(WebhookRequest))]
[JsonSerializable(typeof(WebhookDefinition))]
internal sealed partial class WebhookJson : JsonSerializerContext;
