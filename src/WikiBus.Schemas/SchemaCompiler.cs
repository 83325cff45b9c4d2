namespace WikiBus.Schemas;

/// <summary>Compiles JSON Schema draft-04, -06, -07 and 2020-12 to <see cref="CompiledSchema"/>. Safe for concurrent use.</summary>
public static class SchemaCompiler
{
    /// <summary>
    /// Compiles a schema with all that it refers to. References to documents that <see cref="SchemaCompilerOptions.Resolve"/> does not give are
    /// returned together, so that a caller which has to fetch them asynchronously needs one round per level of references.
    /// </summary>
    /// <param name="schema">The schema as JSON, valid UTF-8; not changed afterwards.</param>
    /// <param name="options">Dialect, formats, resolver.</param>
    public static SchemaCompilation Compile(ReadOnlyMemory<byte> schema, SchemaCompilerOptions options) =>
        throw new NotImplementedException($"{schema.Length} {options}");
}
