using System.Text.Json.Serialization;

namespace WikiBus.Server.Webhooks;

/// <summary>The JSON of answers about webhooks, and of the small requests.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    AllowDuplicateProperties = false,
    UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(SubscriptionAnswer))]
[JsonSerializable(typeof(SubscriptionList))]
[JsonSerializable(typeof(DroppedAnswer))]
[JsonSerializable(typeof(TestAnswer))]
[JsonSerializable(typeof(RotateBody))]
[JsonSerializable(typeof(ReplayBody))]
internal sealed partial class AnswerJson : JsonSerializerContext;
