namespace WikiBus.Schemas;

/// <summary>The answer of <see cref="SchemaRepository.GetAsync"/>: either a schema or a fault.</summary>
/// <param name="Schema">The schema; null when there is a fault.</param>
/// <param name="Fault">Why there is none; null when there is one.</param>
public readonly record struct SchemaLookup(CompiledSchema? Schema, string? Fault);
