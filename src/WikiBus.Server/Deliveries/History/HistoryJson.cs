using System.Text.Json.Serialization;

namespace WikiBus.Server.Deliveries.History;

/// <summary>The JSON of the history.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(TryList))]
internal sealed partial class HistoryJson : JsonSerializerContext;
