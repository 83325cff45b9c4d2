using System.Diagnostics;
using System.Numerics;
using System.Runtime.InteropServices;

namespace WikiBus.Storage.Repeats;

/// <summary>
/// Positions that mostly grow by little from one place to the next, in two bytes each: how far they are from the lowest
/// in their part of the ring. A part that two bytes do not hold takes four or eight. Not safe for concurrent use.
/// </summary>
/// <param name="length">A power of two, at least 1,024.</param>
internal sealed class PositionRing(int length)
{
    private const int PartBits = 10;
    private const int PartLength = 1 << PartBits;

    private readonly long[] _bases = new long[PartCount(length)];

    /// <summary>Of each part the differences from its base; null: nothing was set there, or it is open.</summary>
    private readonly byte[]?[] _packed = new byte[PartCount(length)][];

    /// <summary>The part that was set last: it is packed when another one is set.</summary>
    private readonly long[] _open = new long[PartLength];
    private int _openPart;

    /// <summary>Undefined where nothing was set.</summary>
    public long this[int index]
    {
        get
        {
            var part = index >> PartBits;
            var place = index & (PartLength - 1);
            return part == _openPart ? _open[place] : _bases[part] + Difference(_packed[part], place);
        }

        set
        {
            var part = index >> PartBits;
            if (part != _openPart)
            {
                Pack();
                Open(part);
            }

            _open[index & (PartLength - 1)] = value;
        }
    }

    private static int PartCount(int length)
    {
        Debug.Assert(
            BitOperations.IsPow2(length) && length >= PartLength, "The length is a power of two, at least 1,024.");
        return length >> PartBits;
    }

    private static long Difference(ReadOnlySpan<byte> packed, int place) => packed.Length switch
    {
        0 => 0,
        PartLength * sizeof(ushort) => MemoryMarshal.Cast<byte, ushort>(packed)[place],
        PartLength * sizeof(uint) => MemoryMarshal.Cast<byte, uint>(packed)[place],
        _ => MemoryMarshal.Cast<byte, long>(packed)[place],
    };

    private static void Put(Span<byte> packed, int place, long difference)
    {
        switch (packed.Length)
        {
            case PartLength * sizeof(ushort):
                MemoryMarshal.Cast<byte, ushort>(packed)[place] = (ushort)difference;
                break;
            case PartLength * sizeof(uint):
                MemoryMarshal.Cast<byte, uint>(packed)[place] = (uint)difference;
                break;
            default:
                MemoryMarshal.Cast<byte, long>(packed)[place] = difference;
                break;
        }
    }

    private void Pack()
    {
        long low = _open[0], high = low;
        foreach (var position in _open)
        {
            (low, high) = (Math.Min(low, position), Math.Max(high, position));
        }

        _bases[_openPart] = low;
        var width = (high - low) switch
        {
            <= ushort.MaxValue => sizeof(ushort),
            <= uint.MaxValue => sizeof(uint),
            _ => sizeof(long),
        };
        var packed = _packed[_openPart];
        if (packed?.Length != PartLength * width)
        {
            _packed[_openPart] = packed = new byte[PartLength * width];
        }

        for (var place = 0; place < PartLength; place++)
        {
            Put(packed, place, _open[place] - low);
        }
    }

    private void Open(int part)
    {
        // A part that was never set keeps the values of the part before it: they are undefined.
        if (_packed[part] is { } packed)
        {
            for (var place = 0; place < PartLength; place++)
            {
                _open[place] = _bases[part] + Difference(packed, place);
            }
        }

        _openPart = part;
    }
}
