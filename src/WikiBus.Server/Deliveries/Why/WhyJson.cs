using System.Text.Json.Serialization;

namespace WikiBus.Server.Deliveries.Why;

/// <summary>The JSON of the answer.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(WhyAnswer))]
internal sealed partial class WhyJson : JsonSerializerContext;
