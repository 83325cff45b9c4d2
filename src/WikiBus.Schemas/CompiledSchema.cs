namespace WikiBus.Schemas;

/// <summary>A schema compiled to a validator over <see cref="JsonTape"/> nodes. Immutable; safe for concurrent use.</summary>
public sealed class CompiledSchema
{
    /// <summary>The schema's <c>$id</c> (or <c>id</c> in draft-04); empty when it has none.</summary>
    public string Id => throw new NotImplementedException();

    /// <summary>The schema's <c>title</c>; null when it has none.</summary>
    public string? Title => throw new NotImplementedException();

    /// <summary>
    /// Validates a value. With <paramref name="errors"/> null it stops at the first violation; else it collects them, at most
    /// <paramref name="errorCountMax"/>. Defaults (outside anyOf/oneOf/not/if) that the value lacks are counted as given and, with
    /// <paramref name="defaults"/>, reported in the order in which they are to be inserted.
    /// </summary>
    public bool Validate(JsonNode value, List<SchemaError>? errors = null, List<SchemaDefault>? defaults = null, int errorCountMax = 100) =>
        throw new NotImplementedException();

    /// <summary>
    /// True if the schema declares a member at this path of object properties (looking through <c>$ref</c> and <c>allOf</c>):
    /// <c>HasProperty("meta", "dt")</c>. Intake fills only what a schema knows.
    /// </summary>
    public bool HasProperty(params ReadOnlySpan<string> path) => throw new NotImplementedException();
}
