using System.Text;

namespace WikiBus.Json;

/// <summary>
/// Finds the values of several members of an object in one walk over it. Immutable; safe for concurrent use.
/// </summary>
public sealed class JsonMembers
{
    private readonly JsonNameTable _table;

    /// <param name="names">The members' names, unescaped; none twice.</param>
    public JsonMembers(params ReadOnlySpan<string> names)
    {
        var utf8 = new byte[names.Length][];
        for (var position = 0; position < utf8.Length; position++)
        {
            utf8[position] = Encoding.UTF8.GetBytes(names[position]);
        }

        _table = new JsonNameTable(utf8);
        Count = utf8.Length;
    }

    /// <summary>The number of names.</summary>
    public int Count { get; }

    /// <summary>
    /// Notes the place of each member's value, the last of equal names; <see cref="JsonTapeValue.At"/> gives the value.
    /// The place of a missing member stays as it was. Other values than objects have no members.
    /// </summary>
    /// <param name="container">The object.</param>
    /// <param name="places">At least one place for each name.</param>
    /// <exception cref="ArgumentException">There are too few places.</exception>
    public void Find(JsonTapeValue container, Span<int> places)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(places.Length, Count);
        if (container.Kind != JsonKind.Object)
        {
            return;
        }

        var tape = container.Tape!;
        var tokens = tape.Tokens;
        for (int name = container.Index + 1, end = tokens[container.Index].Next;
            name < end;
            name = tokens[name + 1].Next)
        {
            var position = _table.Find(tape, in tokens[name]);
            if (position >= 0)
            {
                places[position] = name + 1;
            }
        }
    }
}
