using System.Diagnostics.CodeAnalysis;
using Tag = System.Collections.Generic.KeyValuePair<string, object?>;

namespace WikiBus.Server.Admin;

/// <summary>
/// Tags are equal if they have the same names and values in the same order. A number differs from its text. With the
/// span, a measurement finds its series without an allocation.
/// </summary>
internal sealed class TagsComparer : IEqualityComparer<Tag[]>, IAlternateEqualityComparer<ReadOnlySpan<Tag>, Tag[]>
{
    public static readonly TagsComparer Instance = new();

    public bool Equals(Tag[]? x, Tag[]? y) => x == y || (x is not null && y is not null && Equals(x.AsSpan(), y));

    public bool Equals(ReadOnlySpan<Tag> alternate, Tag[] other)
    {
        if (alternate.Length != other.Length)
        {
            return false;
        }

        for (var index = 0; index < other.Length; index++)
        {
            if (alternate[index].Key != other[index].Key || !Equals(alternate[index].Value, other[index].Value))
            {
                return false;
            }
        }

        return true;
    }

    public int GetHashCode([DisallowNull] Tag[] obj) => GetHashCode(obj.AsSpan());

    /// <summary>The values are enough: an instrument uses the same names each time.</summary>
    public int GetHashCode(ReadOnlySpan<Tag> alternate)
    {
        var hash = 0;
        foreach (var (_, value) in alternate)
        {
            hash = (hash * 31) + (value?.GetHashCode() ?? 0);
        }

        return hash;
    }

    public Tag[] Create(ReadOnlySpan<Tag> alternate) => alternate.ToArray();
}
