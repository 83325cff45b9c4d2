using System.Numerics;
using System.Runtime.CompilerServices;

namespace WikiBus.Schemas.Rules;

/// <summary>Finds a name among a fixed set by the hash that parsing left in its token.</summary>
internal sealed class PropertyTable
{
    private const int SlotsPerName = 4;

    private readonly byte[][] _names;
    private readonly int[] _hashes;

    /// <summary>Open addressing: the names' positions, -1 where a slot is free.</summary>
    private readonly int[] _slots;
    private readonly int _mask;

    public PropertyTable(IReadOnlyList<byte[]> names)
    {
        _names = [.. names];
        _hashes = Array.ConvertAll(_names, name => JsonName.Hash(name));
        _slots = new int[BitOperations.RoundUpToPowerOf2((uint)(names.Count * SlotsPerName) + 1)];
        _mask = _slots.Length - 1;
        Array.Fill(_slots, -1);
        for (var position = 0; position < _names.Length; position++)
        {
            var slot = _hashes[position] & _mask;
            while (_slots[slot] >= 0)
                slot = (slot + 1) & _mask;
            _slots[slot] = position;
        }
    }

    /// <summary>The position of the name at a token; -1 when it is none of the set.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public int Find(ref Evaluation run, int nameIndex) => Find(run.Tape, in run.Tokens[nameIndex]);

    /// <summary>The position of the name that a token holds; -1 when it is none of the set.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public int Find(JsonTape tape, in JsonToken token)
    {
        var hash = token.Next;
        for (var slot = hash & _mask; ; slot = (slot + 1) & _mask)
        {
            var position = _slots[slot];
            if (position < 0)
                return -1;
            if (_hashes[position] == hash && IsName(tape, in token, _names[position]))
                return position;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static bool IsName(JsonTape tape, in JsonToken token, byte[] name)
    {
        var raw = tape.Slice(token.Start + 1, token.End - 1);
        return token.IsPlain ? raw.SequenceEqual(name) : JsonText.EscapedEquals(raw, name);
    }
}
