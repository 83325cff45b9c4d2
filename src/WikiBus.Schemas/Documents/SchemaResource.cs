namespace WikiBus.Schemas.Documents;

/// <summary>A schema with a URI of its own: a document's root, or a subschema with an <c>$id</c>.</summary>
/// <param name="uri">Its URI without fragment; perhaps relative, perhaps empty.</param>
/// <param name="document">Its document.</param>
/// <param name="root">Its token there.</param>
/// <param name="vocabulary">The meaning of its keywords.</param>
internal sealed class SchemaResource(string uri, SchemaDocument document, int root, SchemaVocabulary vocabulary)
{
    public string Uri => uri;

    public SchemaDocument Document => document;

    public int Root => root;

    public SchemaVocabulary Vocabulary => vocabulary;

    /// <summary>Tokens by the plain names that fragments can use, dynamic ones included.</summary>
    public Dictionary<string, int> Anchors { get; } = new(StringComparer.Ordinal);

    /// <summary>The anchors that <c>$dynamicRef</c> looks for.</summary>
    public Dictionary<string, int> DynamicAnchors { get; } = new(StringComparer.Ordinal);
}
