using WikiBus.Json;

namespace WikiBus.Schemas.Rules;

/// <summary>Collects the missing members that the schema has defaults for.</summary>
internal sealed class DefaultCollector
{
    /// <summary>
    /// Most bytes that defaults may add to one value: each of many small objects can get a large default.
    /// </summary>
    private const int BytesMax = 16 * 1024 * 1024;

    private readonly List<SchemaDefault> _found = [];

    private readonly HashSet<(int Container, string Name)> _names = [];
    private int _bytesLeft = BytesMax;

    public int Count => _found.Count;

    /// <summary>True if the defaults exceed the limit: some are missing from the list.</summary>
    public bool IsFull => _bytesLeft < 0;

    /// <summary>
    /// Adds a member to an object, unless another subschema has added that name: the first one counts.
    /// </summary>
    public void Add(ref Evaluation run, int container, string name, ReadOnlyMemory<byte> memberJson)
    {
        if (IsFull || !_names.Add((container, name)) || (_bytesLeft -= memberJson.Length) < 0)
        {
            return;
        }

        ref readonly var token = ref run.Tokens[container];
        _found.Add(new SchemaDefault(token.End - 1, token.Next == container + 1, memberJson));
    }

    /// <summary>The members in the order of the text; those of one object in the order of the schema.</summary>
    public IEnumerable<SchemaDefault> InOrder() => _found.OrderBy(member => member.ObjectEnd);

    /// <summary>A value's text with the members inserted.</summary>
    public byte[] Splice(JsonTapeValue value)
    {
        var text = new MemoryStream();
        var raw = value.Raw;
        int copied = 0, lastEnd = -1;
        foreach (var member in InOrder())
        {
            var end = member.ObjectEnd - value.Start;
            text.Write(raw[copied..end]);
            if (!member.ObjectIsEmpty || member.ObjectEnd == lastEnd)
            {
                text.WriteByte((byte)',');
            }

            text.Write(member.MemberJson.Span);
            copied = end;
            lastEnd = member.ObjectEnd;
        }
        text.Write(raw[copied..]);
        return text.ToArray();
    }
}
