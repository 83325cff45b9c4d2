using System.Text;
using WikiBus.Schemas.Rules;

namespace WikiBus.Schemas;

/// <summary>
/// Finds the values of several members of an object in one walk over it. Immutable; safe for concurrent use.
/// </summary>
public sealed class JsonMembers
{
    private readonly PropertyTable _table;

    /// <param name="names">The members' names, unescaped; none twice.</param>
    public JsonMembers(params ReadOnlySpan<string> names)
    {
        var utf8 = new byte[names.Length][];
        for (var position = 0; position < utf8.Length; position++)
            utf8[position] = Encoding.UTF8.GetBytes(names[position]);
        _table = new PropertyTable(utf8);
        Count = utf8.Length;
    }

    /// <summary>How many names there are.</summary>
    public int Count { get; }

    /// <summary>
    /// Puts each member's value (the last of equal names) into the place that its name has; the others stay as they
    /// are. Nothing is found in what is no object.
    /// </summary>
    /// <param name="container">The object.</param>
    /// <param name="values">As many places as there are names.</param>
    /// <exception cref="ArgumentException">There are too few places.</exception>
    public void Find(JsonNode container, Span<JsonNode> values)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(values.Length, Count);
        if (container.Kind != JsonKind.Object)
            return;
        var tape = container.Tape!;
        var tokens = tape.Tokens;
        for (int name = container.Index + 1, end = tokens[container.Index].Next;
            name < end;
            name = tokens[name + 1].Next)
        {
            var position = _table.Find(tape, in tokens[name]);
            if (position >= 0)
                values[position] = new JsonNode(tape, name + 1);
        }
    }
}
