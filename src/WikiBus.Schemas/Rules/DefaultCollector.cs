namespace WikiBus.Schemas.Rules;

/// <summary>Collects the members that a value lacks and its schema has defaults for.</summary>
internal sealed class DefaultCollector
{
    private readonly List<(int Container, byte[] Name, SchemaDefault Default)> _found = [];

    public int Count => _found.Count;

    /// <summary>
    /// Adds a member to an object, unless another subschema has added one of the name: the first one counts.
    /// </summary>
    public void Add(ref Evaluation run, int container, byte[] name, ReadOnlyMemory<byte> memberJson)
    {
        foreach (var other in _found)
        {
            if (other.Container == container && other.Name.AsSpan().SequenceEqual(name))
                return;
        }
        ref readonly var token = ref run.Tokens[container];
        _found.Add((container, name, new SchemaDefault(token.End - 1, token.Next == container + 1, memberJson)));
    }

    /// <summary>The members in the order of the text; those of one object in the order of the schema.</summary>
    public IEnumerable<SchemaDefault> InOrder() =>
        _found.Select(entry => entry.Default).OrderBy(member => member.ObjectEnd);

    /// <summary>A value's text with the members put in.</summary>
    public byte[] Splice(JsonNode value)
    {
        var text = new MemoryStream();
        var raw = value.Raw;
        int copied = 0, lastEnd = -1;
        foreach (var member in InOrder())
        {
            var end = member.ObjectEnd - value.Start;
            text.Write(raw[copied..end]);
            if (!member.ObjectIsEmpty || member.ObjectEnd == lastEnd)
                text.WriteByte((byte)',');
            text.Write(member.MemberJson.Span);
            copied = end;
            lastEnd = member.ObjectEnd;
        }
        text.Write(raw[copied..]);
        return text.ToArray();
    }
}
