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
    /// Compiles a schema with all that it refers to. References to documents that <see
    /// cref="SchemaCompilerOptions.Resolve"/> does not give are returned together, so that a caller which has to fetch
    /// them asynchronously needs one round per level of references.
    /// </summary>
    /// <param name="schema">The schema as JSON, valid UTF-8; not changed afterwards.</param>
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
    /// Holds a document against its dialect's metaschema, and against EventGate's security check if that is wanted.
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

    /// <summary>What an enumeration allows, which ajv's message does not say.</summary>
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
