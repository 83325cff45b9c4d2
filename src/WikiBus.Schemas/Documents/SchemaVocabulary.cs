namespace WikiBus.Schemas.Documents;

/// <summary>
/// The meaning of a schema's keywords: the dialect, and which of its vocabularies a custom metaschema leaves out.
/// </summary>
/// <param name="Dialect">The dialect.</param>
/// <param name="HasValidation">True if assertions such as <c>type</c> and <c>minimum</c> count.</param>
/// <param name="HasApplicators">True if <c>properties</c>, <c>allOf</c> and the like count.</param>
/// <param name="HasUnevaluated">True if <c>unevaluatedItems</c> and <c>unevaluatedProperties</c> count.</param>
/// <param name="AssertsFormat">True if the metaschema requires that formats are checked.</param>
internal sealed record SchemaVocabulary(
    SchemaDialect Dialect,
    bool HasValidation = true,
    bool HasApplicators = true,
    bool HasUnevaluated = true,
    bool AssertsFormat = false)
{
    /// <summary>
    /// True up to draft-07, where <c>$ref</c> hides the keywords beside it and <c>items</c> may be a list.
    /// </summary>
    public bool IsClassic => Dialect <= SchemaDialect.Draft7;
}
