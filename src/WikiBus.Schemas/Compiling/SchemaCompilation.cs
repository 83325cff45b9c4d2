namespace WikiBus.Schemas;

/// <summary>The answer of <see cref="SchemaCompiler.Compile"/>: a schema, or why there is none.</summary>
/// <param name="Schema">The schema; null when there is a fault.</param>
/// <param name="Fault">For people: where in the schema, what is wrong and what is allowed; null when there is a
/// schema.</param>
/// <param name="MissingUris">Documents that were referenced and not resolved; load them and compile again. Empty for
/// other faults.</param>
public readonly record struct SchemaCompilation(CompiledSchema? Schema, string? Fault,
    IReadOnlyList<string> MissingUris);
