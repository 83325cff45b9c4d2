using System.Runtime.InteropServices;

namespace WikiBus.Schemas.Patterns;

/// <summary>A set of Unicode code points: sorted ranges that neither touch nor overlap.</summary>
internal sealed class CodePointSet
{
    public const int CodePointMax = 0x10FFFF;
    private const int SurrogateFirst = 0xD800;
    private const int SurrogateLast = 0xDFFF;

    private readonly List<(int First, int Last)> _ranges;

    private CodePointSet(List<(int First, int Last)> ranges) => _ranges = ranges;

    public static CodePointSet Any { get; } = Of((0, CodePointMax));

    public static CodePointSet Digits { get; } = Of(('0', '9'));

    public static CodePointSet WordCharacters { get; } = Of(('0', '9'), ('A', 'Z'), ('_', '_'), ('a', 'z'));

    /// <summary>ECMA-262 WhiteSpace and LineTerminator.</summary>
    public static CodePointSet WhiteSpace { get; } = Of(
        ('\t', '\r'), (' ', ' '), (0xA0, 0xA0), (0x1680, 0x1680), (0x2000, 0x200A), (0x2028, 0x2029),
        (0x202F, 0x202F), (0x205F, 0x205F), (0x3000, 0x3000), (0xFEFF, 0xFEFF));

    public static CodePointSet LineTerminators { get; } = Of(('\n', '\n'), ('\r', '\r'), (0x2028, 0x2029));

    public ReadOnlySpan<(int First, int Last)> Ranges => CollectionsMarshal.AsSpan(_ranges);

    public bool IsAscii => _ranges.Count == 0 || _ranges[^1].Last < 128;

    public static CodePointSet Of(params ReadOnlySpan<(int First, int Last)> ranges)
    {
        var sorted = ranges.ToArray();
        Array.Sort(sorted);
        var merged = new List<(int First, int Last)>(sorted.Length);
        foreach (var (first, last) in sorted)
        {
            if (merged.Count > 0 && first <= merged[^1].Last + 1)
            {
                merged[^1] = (merged[^1].First, Math.Max(merged[^1].Last, last));
            }
            else
            {
                merged.Add((first, last));
            }
        }
        return new CodePointSet(merged);
    }

    public CodePointSet Union(CodePointSet other) => Of([.. Ranges, .. other.Ranges]);

    public CodePointSet Complement()
    {
        var gaps = new List<(int First, int Last)>();
        var next = 0;
        foreach (var (first, last) in _ranges)
        {
            if (first > next)
            {
                gaps.Add((next, first - 1));
            }

            next = last + 1;
        }
        if (next <= CodePointMax)
        {
            gaps.Add((next, CodePointMax));
        }

        return new CodePointSet(gaps);
    }

    public bool Overlaps(CodePointSet other)
    {
        foreach (var (first, last) in _ranges)
        {
            foreach (var (otherFirst, otherLast) in other._ranges)
            {
                if (first <= otherLast && otherFirst <= last)
                {
                    return true;
                }
            }
        }
        return false;
    }

    /// <summary>The set as far as a text can hold it: UTF-8 has no surrogates.</summary>
    public CodePointSet WithoutSurrogates()
    {
        var kept = new List<(int First, int Last)>(_ranges.Count + 1);
        foreach (var (first, last) in _ranges)
        {
            if (first < SurrogateFirst)
            {
                kept.Add((first, Math.Min(last, SurrogateFirst - 1)));
            }

            if (last > SurrogateLast)
            {
                kept.Add((Math.Max(first, SurrogateLast + 1), last));
            }
        }
        return new CodePointSet(kept);
    }
}
