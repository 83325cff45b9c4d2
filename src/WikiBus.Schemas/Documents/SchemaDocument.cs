using WikiBus.Json;

namespace WikiBus.Schemas.Documents;

/// <summary>A parsed schema with its resources: its root, and each subschema that has an id of its own.</summary>
internal sealed class SchemaDocument
{
    /// <summary>Deeper schemas are refused; it bounds the compiler's recursion.</summary>
    private const int DepthMax = 256;

    private readonly JsonTape _tape = new();
    private readonly Dictionary<int, SchemaResource> _resources = [];

    /// <exception cref="SchemaFaultException">The text is not a schema.</exception>
    public SchemaDocument(ReadOnlyMemory<byte> text)
    {
        if (!_tape.TryParse(text, out var fault))
        {
            throw new SchemaFaultException($"the schema is no JSON: {fault.Message} at byte {fault.Offset}");
        }

        if (_tape.Root.Kind is not (JsonKind.Object or JsonKind.True or JsonKind.False))
        {
            throw new SchemaFaultException("schema should be object or boolean");
        }

        if (_tape.Root.Depth > DepthMax)
        {
            throw new SchemaFaultException($"the schema is nested deeper than {DepthMax} levels");
        }

        if (_tape.Root.FindDuplicateName() is { } name)
        {
            throw new SchemaFaultException($"the schema has the member \"{name}\" twice in one object");
        }
    }

    public JsonTapeValue Root => _tape.Root;

    public JsonTapeValue NodeAt(int index) => new(_tape, index);

    public void AddResource(SchemaResource resource) => _resources[resource.Root] = resource;

    /// <summary>The resource that begins at a token; null when none does.</summary>
    public SchemaResource? ResourceAt(int index) => _resources.GetValueOrDefault(index);

    /// <summary>The path of a token for error messages: <c>#/properties/meta</c>.</summary>
    public string PathOf(int index)
    {
        var path = "#";
        var node = Root;
        while (node.Index != index)
        {
            var found = default(JsonTapeValue);
            var position = 0;
            for (var parts = node.GetEnumerator(); parts.MoveNext(); position++)
            {
                if (parts.Current.Index > index || _tape[parts.Current.Index].Next <= index)
                {
                    continue;
                }

                found = parts.Current;
                path += "/" + (node.Kind == JsonKind.Object
                    ? SchemaUri.PathToken(parts.Name.GetString())
                    : $"{position}");
                break;
            }
            if (found.Kind == JsonKind.None)
            {
                break;
            }

            node = found;
        }
        return path;
    }
}
