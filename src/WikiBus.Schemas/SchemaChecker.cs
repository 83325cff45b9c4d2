using WikiBus.Json;
using WikiBus.Schemas.Sources;

namespace WikiBus.Schemas;

/// <summary>
/// Checks a folder of schemas as the bus would use it: every schema compiles and every example in it validates.
/// </summary>
public static class SchemaChecker
{
    /// <summary>Most violations reported for one example.</summary>
    private const int ErrorsPerExampleMax = 10;

    private static readonly string[] s_extensions = [".yaml", ".yml", ".json"];

    /// <summary>
    /// Reads the folder's files in order. Files whose names cannot be schemas', e.g. <c>README.md</c>, are skipped.
    /// </summary>
    /// <exception cref="DirectoryNotFoundException">The folder does not exist.</exception>
    public static async Task<SchemaCheck> CheckAsync(
        string folder, TimeProvider time, CancellationToken cancellationToken)
    {
        var findings = new List<SchemaFinding>();
        string? failure = null;
        var options = new SchemaRepositoryOptions { Sources = [folder], Report = text => failure = text };
        var repository = new SchemaRepository(options, time);
        var (schemas, examples) = (0, 0);
        await using (repository.ConfigureAwait(false))
        {
            foreach (var file in FindFiles(folder))
            {
                failure = null;
                schemas++;
                var lookup = await repository.GetAsync("/" + file, cancellationToken).ConfigureAwait(false);
                if (lookup.Schema is null)
                {
                    findings.Add(new SchemaFinding(file, "#", failure ?? lookup.Fault!));
                }
                else if (await repository.GetTextAsync("/" + file, cancellationToken).ConfigureAwait(false) is { } text)
                {
                    examples += CheckExamples(file, lookup.Schema, text, findings);
                }
            }
        }
        return new SchemaCheck(schemas, examples, findings);
    }

    /// <summary>
    /// A schema's file is named <c>VERSION</c> or <c>NAME.yaml</c> (<c>.yml</c>, <c>.json</c>). <c>1.0.0</c> beside
    /// <c>1.0.0.yaml</c> is a link to it, and is skipped.
    /// </summary>
    private static IEnumerable<string> FindFiles(string folder)
    {
        var files = Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories)
            .Select(file => Path.GetRelativePath(folder, file).Replace(Path.DirectorySeparatorChar, '/'))
            .Where(static file => RepositoryUri.IsPath("/" + file))
            .Where(static file => !$"/{file}".Contains("/.", StringComparison.Ordinal))
            .ToHashSet(StringComparer.Ordinal);
        return files.Where(file => IsSchemaName(file)
                && !s_extensions.Any(extension => files.Contains(file + extension)))
            .Order(StringComparer.Ordinal);
    }

    private static bool IsSchemaName(string file) =>
        s_extensions.Contains(Path.GetExtension(file), StringComparer.Ordinal)
            || Version.TryParse(Path.GetFileName(file), out _)
        || Path.GetFileName(file) == "latest";

    private static int CheckExamples(string file, CompiledSchema schema, SchemaText text, List<SchemaFinding> findings)
    {
        var tape = new JsonTape();
        if (!tape.TryParse(text.Json, out _))
        {
            return 0;
        }

        var count = 0;
        var errors = new List<SchemaError>();
        foreach (var example in tape.Root["examples"u8])
        {
            errors.Clear();
            if (!schema.Validate(example, errors, errorCountMax: ErrorsPerExampleMax))
            {
                findings.AddRange(errors.Select(error => Describe(file, count, error)));
            }

            count++;
        }
        return count;
    }

    private static SchemaFinding Describe(string file, int example, SchemaError error) =>
        new(
            file,
            FormattableString.Invariant($"#/examples/{example}{error.DataPath}"),
            $"{error.Message} ({error.SchemaPath})");
}

/// <summary>The result of <see cref="SchemaChecker"/>.</summary>
/// <param name="SchemaCount">Schemas that were compiled, faulty ones included.</param>
/// <param name="ExampleCount">Examples that were validated.</param>
/// <param name="Findings">The faults, in the order of the files.</param>
public sealed record SchemaCheck(int SchemaCount, int ExampleCount, IReadOnlyList<SchemaFinding> Findings);
