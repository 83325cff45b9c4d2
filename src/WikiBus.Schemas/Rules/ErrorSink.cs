using System.Text;

namespace WikiBus.Schemas.Rules;

/// <summary>Collects violations, and keeps the current paths in the value and in the schema.</summary>
internal sealed class ErrorSink(List<SchemaError> errors, int countMax)
{
    /// <summary>
    /// Most characters of all violations of a value before the last one. Each violation repeats the names that lead to
    /// it.
    /// </summary>
    private const int CharactersMax = 1_000_000;

    private readonly StringBuilder _dataPath = new();
    private int _characters;
    private string _schemaPath = "#";

    public bool IsFull => errors.Count >= countMax || _characters >= CharactersMax;

    /// <summary>The current name, below <c>propertyNames</c>.</summary>
    public string? PropertyName { get; set; }

    /// <summary>Adds a violation of a keyword of the current schema.</summary>
    /// <param name="keyword">The keyword.</param>
    /// <param name="parameters">Its parameters as a JSON object.</param>
    /// <param name="message">What is wrong.</param>
    /// <param name="place">The place in the schema, if it is not the keyword.</param>
    public void Add(string keyword, string parameters, string message, string? place = null)
    {
        if (IsFull)
        {
            return;
        }

        var schemaPath = $"{_schemaPath}/{place ?? keyword}";
        var error = new SchemaError(keyword, _dataPath.ToString(), schemaPath, parameters, message);
        errors.Add(error with { PropertyName = PropertyName });
        _characters += error.DataPath.Length + schemaPath.Length + parameters.Length + message.Length;
    }

    /// <summary>Walks a subschema.</summary>
    /// <param name="run">The run.</param>
    /// <param name="node">The subschema.</param>
    /// <param name="index">The value.</param>
    /// <param name="place">Its place in the current schema.</param>
    /// <param name="step">The step to the value: <c>.name</c>, <c>[0]</c>, or empty for the same value.</param>
    public void Walk(ref Evaluation run, SchemaNode node, int index, string place, string step = "") =>
        WalkAt(ref run, node, index, $"{_schemaPath}/{place}", step);

    /// <summary>Walks the target of a <c>$ref</c>; paths continue from the text of the reference.</summary>
    public void WalkReference(ref Evaluation run, SchemaNode node, int index, string reference) =>
        WalkAt(ref run, node, index, reference.TrimEnd('/'), "");

    private void WalkAt(ref Evaluation run, SchemaNode node, int index, string schemaPath, string step)
    {
        if (IsFull)
        {
            return;
        }

        var outer = _schemaPath;
        var length = _dataPath.Length;
        _schemaPath = schemaPath;
        _dataPath.Append(step);
        node.Explain(ref run, index, this);
        _dataPath.Length = length;
        _schemaPath = outer;
    }
}
