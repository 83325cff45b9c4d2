using WikiBus.Json;
using WikiBus.Schemas.Documents;
using WikiBus.Schemas.Rules;
using WikiBus.Schemas.Rules.Combinations;
using WikiBus.Schemas.Rules.Containers;

namespace WikiBus.Schemas;

/// <summary>
/// A schema compiled to a validator of <see cref="JsonTapeValue"/>s. Immutable; safe for concurrent use.
/// </summary>
public sealed class CompiledSchema
{
    private readonly SchemaNode _root;
    private readonly SchemaResource? _outermost;

    internal CompiledSchema(SchemaNode root, bool isDynamic)
    {
        _root = root;
        _outermost = isDynamic ? root.Resource : null;
        var schema = root.Resource.Document.NodeAt(root.Index);
        Id = IdOf(schema, root.Resource.Vocabulary.Dialect);
        Title = schema["title"u8].TextOrNull();
    }

    /// <summary>The schema's <c>$id</c> (or <c>id</c> in draft-04); empty when it has none.</summary>
    public string Id { get; }

    /// <summary>The schema's <c>title</c>; null when it has none.</summary>
    public string? Title { get; }

    /// <summary>
    /// Validates a value. Missing members that have defaults (outside anyOf/oneOf/not/if) count as given. A value that
    /// is nested too deep, or costs more than about a second, is not valid.
    /// </summary>
    /// <param name="value">The value.</param>
    /// <param name="errors">Gets the violations; null: validation stops at the first one.</param>
    /// <param name="defaults">Gets the missing members in the order of their insertion; null: they are not
    /// listed.</param>
    /// <param name="errorCountMax">Most violations collected.</param>
    /// <exception cref="ArgumentException">The value has the kind None.</exception>
    public bool Validate(JsonTapeValue value, List<SchemaError>? errors = null, List<SchemaDefault>? defaults = null,
        int errorCountMax = 100)
    {
        if (value.Tape is null)
        {
            throw new ArgumentException("There is no value.", nameof(value));
        }

        if (_root.HasDefaults && !TryComplete(ref value, defaults))
        {
            errors?.Add(TooCostly("should NOT lack so much that the schema has defaults for"));
            return false;
        }
        var run = new Evaluation(value, _outermost);
        try
        {
            if (_root.IsValid(ref run, value.Index) && !run.IsGivenUp)
            {
                return true;
            }

            if (errors is not null && !run.IsGivenUp)
            {
                Explain(value, errors, errorCountMax);
            }
        }
        catch (InsufficientExecutionStackException)
        {
            // A comparison found a value nested too deep. The run itself checks the stack before each step.
        }
        if (errors is { Count: 0 })
        {
            errors.Add(TooCostly("should NOT be nested so deep, or need so many steps"));
        }

        return false;
    }

    /// <summary>
    /// True if the schema declares a member at this path of object properties (looking through <c>$ref</c> and
    /// <c>allOf</c>): <c>HasProperty("meta", "dt")</c>. Intake fills only what a schema knows.
    /// </summary>
    public bool HasProperty(params ReadOnlySpan<string> path) => NodesAt(path).Count > 0;

    /// <summary>
    /// The position of a member, from 0, in the order in which <c>properties</c> names the members of its object; found
    /// as by <see cref="HasProperty"/>. -1 when the schema does not declare it.
    /// </summary>
    public int PropertyIndex(params ReadOnlySpan<string> path)
    {
        if (path.IsEmpty)
        {
            return -1;
        }

        var names = new List<string>();
        foreach (var node in NodesAt(path[..^1]))
        {
            ListProperties(node, names);
        }

        return names.IndexOf(path[^1]);
    }

    private static SchemaError TooCostly(string message) => new("$depth", "", "#", "{}", message);

    private HashSet<SchemaNode> NodesAt(ReadOnlySpan<string> path)
    {
        var level = new HashSet<SchemaNode> { _root };
        foreach (var name in path)
        {
            var below = new HashSet<SchemaNode>();
            foreach (var node in level)
            {
                AddProperty(node, name, below);
            }

            level = below;
        }
        return level;
    }

    private static void ListProperties(SchemaNode node, List<string> names)
    {
        foreach (var rule in node.Rules)
        {
            foreach (var entry in (rule as PropertiesRule)?.Entries ?? [])
            {
                if (entry.Schema is not null && !names.Contains(entry.Name, StringComparer.Ordinal))
                {
                    names.Add(entry.Name);
                }
            }
            foreach (var branch in rule is ReferenceRule or AllOfRule ? rule.InPlace : [])
            {
                ListProperties(branch, names);
            }
        }
    }

    private static void AddProperty(SchemaNode node, string name, HashSet<SchemaNode> found)
    {
        foreach (var rule in node.Rules)
        {
            foreach (var entry in (rule as PropertiesRule)?.Entries ?? [])
            {
                if (entry.Schema is not null && entry.Name == name)
                {
                    found.Add(entry.Schema);
                }
            }
            foreach (var branch in rule is ReferenceRule or AllOfRule ? rule.InPlace : [])
            {
                AddProperty(branch, name, found);
            }
        }
    }

    private void Explain(JsonTapeValue value, List<SchemaError> errors, int errorCountMax)
    {
        var run = new Evaluation(value, _outermost);
        _root.Explain(ref run, value.Index, new ErrorSink(errors, errorCountMax));
    }

    /// <summary>
    /// Inserts the missing members that have defaults; the result is validated, as in ajv. False when the defaults
    /// exceed a limit.
    /// </summary>
    private bool TryComplete(ref JsonTapeValue value, List<SchemaDefault>? defaults)
    {
        var run = new Evaluation(value, null);
        var found = new DefaultCollector();
        _root.CollectDefaults(ref run, value.Index, found);
        if (run.IsGivenUp || found.IsFull)
        {
            return false;
        }

        if (found.Count == 0)
        {
            return true;
        }

        defaults?.AddRange(found.InOrder());
        var tape = new JsonTape();
        if (!tape.TryParse(found.Splice(value), out var fault))
        {
            throw new InvalidOperationException($"Defaults broke the text at {fault.Offset}: {fault.Message}");
        }

        value = tape.Root;
        return true;
    }

    private static string IdOf(JsonTapeValue schema, SchemaDialect dialect) =>
        schema["$id"u8].TextOrNull()
        ?? (dialect == SchemaDialect.Draft4 ? schema["id"u8].TextOrNull() : null)
        ?? "";
}
