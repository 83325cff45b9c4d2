namespace WikiBus.Schemas;

/// <summary>One violation in the form of ajv 6, as in EventGate's answers.</summary>
/// <param name="Keyword">The keyword, e.g. <c>required</c>.</param>
/// <param name="DataPath">The instance path in EventGate's form: <c>.meta.id</c>, <c>.list[1]</c>, <c>.map['k-x']</c>,
/// root empty.</param>
/// <param name="SchemaPath"><c>#/…</c>, or <c>/other/id#/…</c> through a <c>$ref</c>.</param>
/// <param name="ParamsJson">The keyword's parameters, a JSON object as text.</param>
/// <param name="Message">What is wrong, in ajv's words: <c>should be string</c>.</param>
public sealed record SchemaError(string Keyword, string DataPath, string SchemaPath, string ParamsJson, string Message)
{
    /// <summary>The invalid name, below <c>propertyNames</c>; else null.</summary>
    public string? PropertyName { get; init; }
}
