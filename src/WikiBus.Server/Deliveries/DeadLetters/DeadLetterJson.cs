using System.Text.Json.Serialization;

namespace WikiBus.Server.Deliveries.DeadLetters;

/// <summary>The JSON of dead deliveries.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(DeadLetterList))]
[JsonSerializable(typeof(DeadLetterAnswer))]
[JsonSerializable(typeof(DeadLetterCount))]
[JsonSerializable(typeof(DropCount))]
internal sealed partial class DeadLetterJson : JsonSerializerContext;
