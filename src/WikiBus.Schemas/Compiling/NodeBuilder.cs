using WikiBus.Json;
using WikiBus.Schemas.Documents;
using WikiBus.Schemas.Rules;
using WikiBus.Schemas.Rules.Combinations;

namespace WikiBus.Schemas.Compiling;

/// <summary>
/// Fills one node: reads the keywords of its schema, and orders the rules as ajv does, so that errors have ajv's order.
/// </summary>
internal sealed class NodeBuilder(NodeCompiler compiler, SchemaNode node)
{
    private readonly Dictionary<JsonKind, List<SchemaRule>> _rules = [];
    private readonly List<SchemaRule> _common = [];
    private readonly List<UnevaluatedRule> _last = [];

    public SchemaNode Node => node;

    public SchemaLocation Location => new(node.Resource, node.Index);

    public JsonTapeValue Schema => node.Resource.Document.NodeAt(node.Index);

    public SchemaVocabulary Vocabulary => node.Resource.Vocabulary;

    public SchemaCompilerOptions Options => compiler.Options;

    public bool IsClassic => Vocabulary.IsClassic;

    /// <exception cref="SchemaFaultException">The schema has a fault.</exception>
    public void Fill()
    {
        if (Schema.Kind == JsonKind.False)
        {
            node.FillFalse();
        }

        if (Schema.Kind is JsonKind.False or JsonKind.True)
        {
            return;
        }

        if (Schema.Kind != JsonKind.Object)
        {
            throw Fault($"a schema is an object or boolean, not {Schema.Kind}");
        }

        ReferenceKeywords.Add(this, compiler);
        if (!IsClassic || TextOf("$ref"u8) is null)
        {
            AddKeywords();
        }

        foreach (var kind in Enum.GetValues<JsonKind>())
        {
            var typed = _rules.GetValueOrDefault(kind) ?? [];
            var last = _last.Where(rule => kind == (rule.IsForObjects ? JsonKind.Object : JsonKind.Array));
            node.FillRules(kind, [.. typed, .. _common, .. last]);
        }
    }

    /// <summary>A keyword's value; kind None when it is missing.</summary>
    public JsonTapeValue this[ReadOnlySpan<byte> keyword] => Schema[keyword];

    public bool Has(ReadOnlySpan<byte> keyword) => Schema[keyword].Kind != JsonKind.None;

    /// <summary>True if the dialect is at least this one.</summary>
    public bool IsFrom(SchemaDialect dialect) => Vocabulary.Dialect >= dialect;

    public void Add(JsonKind kind, SchemaRule rule)
    {
        if (!_rules.TryGetValue(kind, out var rules))
        {
            _rules[kind] = rules = [];
        }

        rules.Add(rule);
    }

    /// <summary>Adds a rule for values of any kind.</summary>
    public void AddCommon(SchemaRule rule) => _common.Add(rule);

    /// <summary>Adds a rule for the parts that no other rule evaluates.</summary>
    public void AddLast(UnevaluatedRule rule) => _last.Add(rule);

    /// <summary>The node of a subschema.</summary>
    public SchemaNode Child(JsonTapeValue schema) => compiler.NodeAt(new SchemaLocation(node.Resource, schema.Index));

    /// <summary>The node of a keyword's subschema; null when the keyword is missing.</summary>
    public SchemaNode? Child(ReadOnlySpan<byte> keyword) => Has(keyword) ? Child(Schema[keyword]) : null;

    /// <summary>The nodes of a keyword's list of subschemas; empty when the keyword is missing.</summary>
    public SchemaNode[] Children(ReadOnlySpan<byte> keyword)
    {
        var children = new List<SchemaNode>();
        foreach (var schema in Schema[keyword])
        {
            children.Add(Child(schema));
        }

        return [.. children];
    }

    /// <summary>A keyword's text; null when it is not a string.</summary>
    public string? TextOf(ReadOnlySpan<byte> keyword) => Schema[keyword].TextOrNull();

    /// <summary>A keyword's number, if it is one.</summary>
    public JsonTapeValue? NumberOf(ReadOnlySpan<byte> keyword) =>
        Schema[keyword] is { Kind: JsonKind.Number } number ? number : null;

    /// <summary>A keyword's count: a whole number, however it is written.</summary>
    public long? CountOf(ReadOnlySpan<byte> keyword) =>
        NumberOf(keyword) is { } number && number.TryGetDouble(out var value) && value >= 0
            ? (long)Math.Min(value, long.MaxValue / 2)
            : null;

    public SchemaFaultException Fault(string reason) =>
        new($"{reason} in schema at path \"{Location.Resource.Document.PathOf(node.Index)}\"");

    private void AddKeywords()
    {
        if (Vocabulary.HasValidation)
        {
            TypeKeyword.Fill(this);
            NumberKeywords.Add(this);
        }
        StringKeywords.Add(this);
        ArrayKeywords.Add(this);
        ObjectKeywords.Add(this);
        CommonKeywords.Add(this);
    }
}
