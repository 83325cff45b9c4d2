using System.Text.Json.Nodes;

namespace WikiBus.Server.Http;

/// <summary>
/// A feature's part of the OpenAPI document that <c>GET /?spec</c> answers. Each feature registers one as a singleton;
/// <see cref="Paths"/> is called for every request, so that lists of streams are up to date.
/// </summary>
/// <param name="Paths">Makes the members of the document's <c>paths</c>: path to path item (OpenAPI 3.0).</param>
internal sealed record SpecSection(Func<IServiceProvider, JsonObject> Paths)
{
    /// <summary>The members that it adds to <c>components/schemas</c>, as a JSON object.</summary>
    public string Schemas { get; init; } = "{}";

    /// <summary>A section whose paths never change, as a JSON object.</summary>
    public SpecSection(string paths)
        : this(_ => JsonNode.Parse(paths)!.AsObject())
    {
    }
}
