using System.Collections.Concurrent;
using WikiBus.Schemas.Compiling;
using WikiBus.Schemas.Documents;

namespace WikiBus.Schemas;

/// <summary>
/// Compiles JSON Schema draft-04, -06, -07 and 2020-12 to <see cref="CompiledSchema"/>. Safe for concurrent use.
/// </summary>
public static class SchemaCompiler
{
    private static readonly ConcurrentDictionary<SchemaDialect, CompiledSchema> s_metaschemas = new();

    /// <summary>
    /// Compiles a schema with all schemas that it refers to. Documents that <see cref="SchemaCompilerOptions.Resolve"/>
    /// does not give are listed together, so that a caller that fetches them needs one round for each level of
    /// references.
    /// </summary>
    /// <param name="schema">The schema as JSON, valid UTF-8; it must not change afterwards.</param>
    /// <param name="options">Dialect, formats, resolver.</param>
    public static SchemaCompilation Compile(ReadOnlyMemory<byte> schema, SchemaCompilerOptions options)
    {
        var library = new SchemaLibrary(options.Resolve, options.DefaultDialect);
        try
        {
            var compiled = CompileIn(library, schema, options, isChecked: true);
            return new SchemaCompilation(compiled, null, []);
        }
        catch (SchemaFaultException) when (library.Missing.Count > 0)
        {
            return Missing(library);
        }
        catch (SchemaFaultException exception)
        {
            return new SchemaCompilation(null, exception.Message, []);
        }
    }

    private static SchemaCompilation Missing(SchemaLibrary library)
    {
        var uris = library.Missing.Order(StringComparer.Ordinal).ToList();
        return new SchemaCompilation(null, $"can't resolve reference {string.Join(", ", uris)}", uris);
    }

    private static CompiledSchema CompileIn(
        SchemaLibrary library, ReadOnlyMemory<byte> schema, SchemaCompilerOptions options, bool isChecked)
    {
        var root = library.Add(options.BaseUri, schema);
        var compiler = new NodeCompiler(library, options);
        if (isChecked)
        {
            Check(root, options);
        }

        var node = compiler.Compile(new SchemaLocation(root, root.Root));
        if (isChecked)
        {
            foreach (var document in library.Resources.Where(resource => resource.Document.Root.Index == resource.Root
                && resource != root))
            {
                Check(document, options);
            }
        }
        if (library.Missing.Count > 0)
        {
            throw new SchemaFaultException("");
        }

        CircleCheck.Run(compiler.Nodes);
        if (options.FillDefaults)
        {
            DefaultCompletion.Run(compiler.Nodes);
        }

        return new CompiledSchema(node, compiler.IsDynamic);
    }

    /// <summary>
    /// Validates a document by its dialect's metaschema, and runs EventGate's security check if the options ask for it.
    /// </summary>
    private static void Check(SchemaResource document, SchemaCompilerOptions options)
    {
        var root = document.Document.NodeAt(document.Root);
        var dialect = document.Vocabulary.Dialect;
        var errors = new List<SchemaError>();
        if (!MetaschemaOf(dialect).Validate(root, errors))
        {
            var faults = string.Join(", ",
                errors.Select(error => $"data{error.DataPath} {error.Message}{Allowed(error)}"));
            throw new SchemaFaultException($"schema is invalid: {faults}");
        }
        if (options.RefuseInsecure)
        {
            SecurityCheck.Run(document.Document, root, dialect);
        }
    }

    /// <summary>The values that an enumeration allows: ajv's message does not name them.</summary>
    private static string Allowed(SchemaError error) => error.Keyword == "enum" ? $" ({error.ParamsJson})" : "";

    private static CompiledSchema MetaschemaOf(SchemaDialect dialect) =>
        s_metaschemas.GetOrAdd(dialect, static dialect =>
    {
        var uri = Metaschemas.UriOf(dialect);
        var options = new SchemaCompilerOptions { BaseUri = uri, Formats = FormatRules.Ajv };
        var library = new SchemaLibrary(options.Resolve, options.DefaultDialect);
        return CompileIn(library, Metaschemas.Find(uri)!.Value, options, isChecked: false);
    });
}

/// <summary>The answer of <see cref="SchemaCompiler.Compile"/>: a schema, or why there is none.</summary>
/// <param name="Schema">The schema; null when there is a fault.</param>
/// <param name="Fault">For people: where in the schema, what is wrong and what is allowed; null when there is a
/// schema.</param>
/// <param name="MissingUris">Documents that were referenced and not resolved; load them and compile again. Empty for
/// other faults.</param>
public readonly record struct SchemaCompilation(CompiledSchema? Schema, string? Fault,
    IReadOnlyList<string> MissingUris);
