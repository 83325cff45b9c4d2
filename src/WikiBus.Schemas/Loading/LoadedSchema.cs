namespace WikiBus.Schemas.Loading;

/// <summary>A schema, or why there is none, with its documents.</summary>
/// <param name="Schema">The schema; null when there is a fault.</param>
/// <param name="Fault">The fault; null when there is a schema.</param>
/// <param name="Documents">The URIs of all documents that it was compiled from.</param>
internal sealed record LoadedSchema(CompiledSchema? Schema, string? Fault, IReadOnlyList<string> Documents)
{
    public static LoadedSchema Failed(string fault) => new(null, fault, []);
}
