using System.Text.Json.Serialization;

namespace WikiBus.Server.Admin;

/// <summary>The JSON of the page.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(PageSubscriptionList))]
internal sealed partial class PageJson : JsonSerializerContext;
