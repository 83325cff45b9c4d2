namespace WikiBus.Storage.Writing;

/// <summary>
/// Positions that mostly grow from one place to the next, in four bytes each: what they differ from one that their
/// part of the ring has in common. Not safe for concurrent use.
/// </summary>
/// <param name="length">A power of two, at least 1,024.</param>
internal sealed class PositionRing(int length)
{
    private const int PartBits = 10;
    private const int PartLength = 1 << PartBits;
    private const int Far = int.MinValue;
    private const long NoBase = -1;

    private readonly int[] _differences = new int[length];
    private readonly long[] _bases = NoBases(length >> PartBits);

    /// <summary>
    /// Those that differ by more than four bytes hold, which takes two thousand million records without an id among
    /// 1,024 with one.
    /// </summary>
    private readonly Dictionary<int, long> _far = [];

    /// <summary>Set in the order of the ring; what was not set is not defined.</summary>
    public long this[int index]
    {
        get
        {
            var difference = _differences[index];
            return difference == Far ? _far[index] : _bases[index >> PartBits] + difference;
        }

        set
        {
            if ((index & (PartLength - 1)) == 0 || _bases[index >> PartBits] == NoBase)
            {
                Rebase(index >> PartBits, value);
            }

            Put(index, value);
        }
    }

    private static long[] NoBases(int count)
    {
        var bases = new long[count];
        Array.Fill(bases, NoBase);
        return bases;
    }

    /// <summary>The ring came round to this part, whose rest still holds the oldest positions.</summary>
    private void Rebase(int part, long newBase)
    {
        if (_bases[part] == NoBase)
        {
            _bases[part] = newBase;
            return;
        }

        Span<long> held = stackalloc long[PartLength];
        for (var index = 0; index < PartLength; index++)
        {
            held[index] = this[(part << PartBits) + index];
        }

        _bases[part] = newBase;
        for (var index = 0; index < PartLength; index++)
        {
            Put((part << PartBits) + index, held[index]);
        }
    }

    private void Put(int index, long position)
    {
        var difference = position - _bases[index >> PartBits];
        if (difference is > int.MinValue and <= int.MaxValue)
        {
            _differences[index] = (int)difference;
            _far.Remove(index);
        }
        else
        {
            _differences[index] = Far;
            _far[index] = position;
        }
    }
}
