using System.Text.Json.Serialization;

namespace WikiBus.Server.Dream.Sending;

/// <summary>Serialises <see cref="DestinationDefinition"/>.</summary>
[JsonSerializable(typeof(DestinationDefinition))]
[JsonSourceGenerationOptions(DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
internal sealed partial class DestinationJson : JsonSerializerContext;
