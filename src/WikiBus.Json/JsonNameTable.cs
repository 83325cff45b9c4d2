using System.Numerics;
using System.Runtime.CompilerServices;
using WikiBus.Json.Parsing;
using WikiBus.Json.Scalars;

namespace WikiBus.Json;

/// <summary>Finds a name among a fixed set by the hash that parsing left in its token.</summary>
internal sealed class JsonNameTable
{
    private const int SlotsPerName = 4;

    /// <summary>Open addressing. A slot holds all that a search needs.</summary>
    private readonly Slot[] _slots;
    private readonly int _mask;

    public JsonNameTable(IReadOnlyList<byte[]> names)
    {
        _slots = new Slot[BitOperations.RoundUpToPowerOf2((uint)(names.Count * SlotsPerName) + 1)];
        _mask = _slots.Length - 1;
        for (var position = 0; position < names.Count; position++)
        {
            var hash = JsonName.Hash(names[position]);
            var slot = hash & _mask;
            while (_slots[slot].Name is not null)
            {
                slot = (slot + 1) & _mask;
            }

            _slots[slot] = new Slot(names[position], hash, position);
        }
    }

    /// <summary>The position of the name that a token holds; -1 when the set does not have it.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public int Find(JsonTape tape, in JsonToken token)
    {
        var hash = token.Next;
        for (var index = hash & _mask; ; index = (index + 1) & _mask)
        {
            ref readonly var slot = ref _slots[index];
            if (slot.Name is null)
            {
                return -1;
            }

            if (slot.Hash == hash && IsName(tape, in token, slot.Name))
            {
                return slot.Position;
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static bool IsName(JsonTape tape, in JsonToken token, byte[] name)
    {
        var raw = tape.Slice(token.Start + 1, token.End - 1);
        return token.IsPlain ? raw.SequenceEqual(name) : JsonText.EscapedEquals(raw, name);
    }

    /// <summary>One name; null where the slot is free.</summary>
    private readonly record struct Slot(byte[]? Name, int Hash, int Position);
}
