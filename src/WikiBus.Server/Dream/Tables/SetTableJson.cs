using System.Text.Json.Serialization;

namespace WikiBus.Server.Dream.Tables;

/// <summary>Serialises the destinations of <see cref="StoredSet"/>.</summary>
[JsonSerializable(typeof(Dictionary<int, string>))]
internal sealed partial class SetTableJson : JsonSerializerContext;
