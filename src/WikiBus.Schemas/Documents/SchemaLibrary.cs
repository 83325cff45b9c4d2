using System.Globalization;
using System.Text;
using WikiBus.Json;

namespace WikiBus.Schemas.Documents;

/// <summary>The documents that one compilation reads, and the resources in them by URI.</summary>
/// <param name="resolve">Gives the text of a document by its URI; null when there is none.</param>
/// <param name="defaultDialect">The dialect of schemas without <c>$schema</c>.</param>
internal sealed class SchemaLibrary(Func<string, ReadOnlyMemory<byte>?> resolve, SchemaDialect defaultDialect)
{
    private readonly Dictionary<string, SchemaResource> _resources = new(StringComparer.Ordinal);
    private readonly HashSet<string> _missing = new(StringComparer.Ordinal);

    /// <summary>The URIs of referenced documents that are missing.</summary>
    public IReadOnlyCollection<string> Missing => _missing;

    public IEnumerable<SchemaResource> Resources => _resources.Values.Distinct();

    /// <summary>Reads a document under the URI of the request for it.</summary>
    /// <exception cref="SchemaFaultException">It is not a valid schema.</exception>
    public SchemaResource Add(string uri, ReadOnlyMemory<byte> text)
    {
        var document = new SchemaDocument(text);
        var resource = Scan(document, document.Root, uri, null);
        _resources.TryAdd(uri, resource);
        return resource;
    }

    /// <summary>Where a reference leads; null when its document is missing.</summary>
    /// <exception cref="SchemaFaultException">The document exists, and the fragment leads to nothing.</exception>
    public SchemaLocation? Locate(SchemaResource origin, string reference)
    {
        var target = SchemaUri.Resolve(origin.Uri, reference);
        var resource = target.Document == origin.Uri ? origin : Find(target.Document);
        if (resource is null)
        {
            return null;
        }

        var fragment = Uri.UnescapeDataString(target.Fragment ?? "");
        if (fragment.Length == 0)
        {
            return new SchemaLocation(resource, resource.Root);
        }

        var location = fragment[0] == '/' ? Follow(resource, fragment) : FindAnchor(resource, fragment);
        return location ?? throw new SchemaFaultException($"can't resolve reference {reference} from id {origin.Uri}");
    }

    /// <summary>
    /// The resource of a URI without fragment; null when it is missing, which <see cref="Missing"/> then lists.
    /// </summary>
    private SchemaResource? Find(string uri)
    {
        if (_resources.TryGetValue(uri, out var known))
        {
            return known;
        }

        var text = Metaschemas.Find(uri) ?? resolve(uri);
        if (text is { } found)
        {
            return Add(uri, found);
        }

        _missing.Add(uri);
        return null;
    }

    private static SchemaLocation? FindAnchor(SchemaResource resource, string name) =>
        resource.Anchors.TryGetValue(name, out var index) ? new SchemaLocation(resource, index) : null;

    /// <summary>Follows a JSON pointer, which may lead into other resources.</summary>
    private static SchemaLocation? Follow(SchemaResource resource, string pointer)
    {
        var node = resource.Document.NodeAt(resource.Root);
        foreach (var token in pointer[1..].Split('/'))
        {
            var name = token.Replace("~1", "/", StringComparison.Ordinal).Replace("~0", "~", StringComparison.Ordinal);
            node = node.Kind == JsonKind.Array ? ElementAt(node, name) : node[Encoding.UTF8.GetBytes(name)];
            if (node.Kind == JsonKind.None)
            {
                return null;
            }

            resource = resource.Document.ResourceAt(node.Index) ?? resource;
        }
        return new SchemaLocation(resource, node.Index);
    }

    private static JsonTapeValue ElementAt(JsonTapeValue array, string token)
    {
        if (!int.TryParse(token, NumberStyles.None, CultureInfo.InvariantCulture, out var position))
        {
            return default;
        }

        foreach (var element in array)
        {
            if (position-- == 0)
            {
                return element;
            }
        }
        return default;
    }

    /// <summary>Finds the resources and anchors in and below a schema.</summary>
    /// <param name="document">The document.</param>
    /// <param name="schema">The schema.</param>
    /// <param name="baseUri">What a relative id is relative to.</param>
    /// <param name="outer">The resource around it; null at the root.</param>
    private SchemaResource Scan(SchemaDocument document, JsonTapeValue schema, string baseUri, SchemaResource? outer)
    {
        var vocabulary = VocabularyOf(schema, outer?.Vocabulary);
        var resource = outer;
        var id = IdOf(schema, vocabulary);
        if (resource is null || (id is not null && id[0] != '#'))
        {
            var uri = id is null ? baseUri : SchemaUri.Resolve(baseUri, id).Document;
            resource = new SchemaResource(uri, document, schema.Index, vocabulary);
            document.AddResource(resource);
            Register(uri, resource);
        }
        AddAnchors(resource, schema, id);
        foreach (var below in SubschemaKeyword.Below(schema, resource.Vocabulary.Dialect))
        {
            if (below.Kind == JsonKind.Object)
            {
                Scan(document, below, resource.Uri, resource);
            }
        }
        return resource;
    }

    /// <summary>
    /// Two parts of one document may have the same id, for example copies of one fragment. The last one counts, as in
    /// ajv 6.
    /// </summary>
    private void Register(string uri, SchemaResource resource)
    {
        var isCopy = _resources.TryGetValue(uri, out var known) && known.Document == resource.Document
            && known.Root != resource.Document.Root.Index;
        if (known is not null && !isCopy)
        {
            throw new SchemaFaultException($"schema with key or id \"{uri}\" already exists");
        }

        _resources[uri] = resource;
    }

    private static void AddAnchors(SchemaResource resource, JsonTapeValue schema, string? id)
    {
        if (resource.Vocabulary.IsClassic)
        {
            if (id is not null && SchemaUri.Parse(id).Fragment is { Length: > 0 } name)
            {
                resource.Anchors[name] = schema.Index;
            }

            return;
        }
        if (schema["$anchor"u8].TextOrNull() is { } anchor)
        {
            resource.Anchors[anchor] = schema.Index;
        }

        if (schema["$dynamicAnchor"u8].TextOrNull() is { } dynamicAnchor)
        {
            resource.Anchors[dynamicAnchor] = resource.DynamicAnchors[dynamicAnchor] = schema.Index;
        }
    }

    /// <summary>
    /// The id that a schema gives itself; null when it has none, or when a <c>$ref</c> beside it hides it.
    /// </summary>
    private static string? IdOf(JsonTapeValue schema, SchemaVocabulary vocabulary)
    {
        if (vocabulary.IsClassic && schema["$ref"u8].Kind == JsonKind.String)
        {
            return null;
        }

        var id = schema["$id"u8].TextOrNull();
        if (vocabulary.Dialect == SchemaDialect.Draft4)
        {
            id = schema["id"u8].TextOrNull() ?? id;
        }

        return id is { Length: > 0 } ? id : null;
    }

    private SchemaVocabulary VocabularyOf(JsonTapeValue schema, SchemaVocabulary? outer)
    {
        var isResource = outer is null || schema["$id"u8].Kind == JsonKind.String;
        if (!isResource || schema["$schema"u8].TextOrNull() is not { } uri)
        {
            return outer ?? new SchemaVocabulary(defaultDialect);
        }

        if (Metaschemas.DialectOf(uri) is { } dialect)
        {
            return new SchemaVocabulary(dialect);
        }

        var document = SchemaUri.Parse(uri).Document;
        return Find(document) is { } metaschema
            ? CustomVocabulary(metaschema)
            : new SchemaVocabulary(defaultDialect);
    }

    /// <summary>
    /// The vocabulary of a custom metaschema: its dialect without the vocabularies that it does not list.
    /// </summary>
    private static SchemaVocabulary CustomVocabulary(SchemaResource metaschema)
    {
        const string prefix = "https://json-schema.org/draft/2020-12/vocab/";
        var listed = metaschema.Document.NodeAt(metaschema.Root)["$vocabulary"u8];
        if (listed.Kind != JsonKind.Object)
        {
            return metaschema.Vocabulary;
        }

        var names = new HashSet<string>(StringComparer.Ordinal);
        for (var members = listed.GetEnumerator(); members.MoveNext();)
        {
            var name = members.Name.GetString();
            if (name.StartsWith(prefix, StringComparison.Ordinal))
            {
                names.Add(name[prefix.Length..]);
            }
            else if (members.Current.Kind == JsonKind.True)
            {
                throw new SchemaFaultException($"the vocabulary {name} is required by {metaschema.Uri} and not known");
            }
        }
        return new SchemaVocabulary(
            metaschema.Vocabulary.Dialect,
            names.Contains("validation"),
            names.Contains("applicator"),
            names.Contains("unevaluated"),
            names.Contains("format-assertion"));
    }
}
