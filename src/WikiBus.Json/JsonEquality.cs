using System.Runtime.CompilerServices;
using WikiBus.Json.Scalars;

namespace WikiBus.Json;

/// <summary>
/// Equality as JSON Schema defines it: numbers by value (<c>1.0</c> equals <c>1</c>), strings by text, objects whatever
/// the order of their members.
/// </summary>
internal sealed class JsonEquality : IEqualityComparer<JsonTapeValue>
{
    public static readonly JsonEquality Instance = new();

    /// <summary>
    /// Larger objects are compared by a table: pair by pair, the cost would be the square of the number of members.
    /// </summary>
    private const int MembersSearchedMax = 16;

    private JsonEquality()
    {
    }

    public bool Equals(JsonTapeValue x, JsonTapeValue y) => x.Kind == y.Kind && x.Kind switch
    {
        JsonKind.Number => JsonNumber.TextEquals(x.Raw, y.Raw),
        JsonKind.String => TextEquals(x, y),
        JsonKind.Array => ArrayEquals(x, y),
        JsonKind.Object => ObjectEquals(x, y),
        _ => true,
    };

    public int GetHashCode(JsonTapeValue obj)
    {
        RuntimeHelpers.EnsureSufficientExecutionStack();
        var hash = new HashCode();
        hash.Add(obj.Kind);
        switch (obj.Kind)
        {
            case JsonKind.Number:
                hash.Add(JsonNumber.Parse(obj.Raw).GetHashCode());
                break;
            case JsonKind.String:
                hash.AddBytes(obj.GetUtf8().Span);
                break;
            case JsonKind.Array:
                foreach (var element in obj)
                {
                    hash.Add(GetHashCode(element));
                }

                break;
            case JsonKind.Object:
                hash.Add(HashMembers(obj));
                break;
        }
        return hash.ToHashCode();
    }

    /// <summary>A sum, so that the order of members does not matter.</summary>
    private int HashMembers(JsonTapeValue container)
    {
        var sum = 0;
        for (var members = container.GetEnumerator(); members.MoveNext();)
        {
            sum += HashCode.Combine(GetHashCode(members.Name), GetHashCode(members.Current));
        }

        return sum;
    }

    private static bool TextEquals(JsonTapeValue x, JsonTapeValue y)
    {
        if (x.IsPlain && y.IsPlain)
        {
            return x.RawText.SequenceEqual(y.RawText);
        }

        return x.TextEquals(y.GetUtf8().Span);
    }

    private bool ArrayEquals(JsonTapeValue x, JsonTapeValue y)
    {
        RuntimeHelpers.EnsureSufficientExecutionStack();
        var left = x.GetEnumerator();
        var right = y.GetEnumerator();
        while (left.MoveNext())
        {
            if (!right.MoveNext() || !Equals(left.Current, right.Current))
            {
                return false;
            }
        }
        return !right.MoveNext();
    }

    private bool ObjectEquals(JsonTapeValue x, JsonTapeValue y)
    {
        RuntimeHelpers.EnsureSufficientExecutionStack();
        var count = x.Count;
        if (count != y.Count)
        {
            return false;
        }

        var table = count > MembersSearchedMax ? TableOf(y) : null;
        for (var members = x.GetEnumerator(); members.MoveNext();)
        {
            var other = default(JsonTapeValue);
            if (table is null)
            {
                other = y[members.Name.GetUtf8().Span];
            }
            else
            {
                table.TryGetValue(members.Name, out other);
            }

            if (!Equals(members.Current, other))
            {
                return false;
            }
        }
        return true;
    }

    private static Dictionary<JsonTapeValue, JsonTapeValue> TableOf(JsonTapeValue container)
    {
        var table = new Dictionary<JsonTapeValue, JsonTapeValue>(Instance);
        for (var members = container.GetEnumerator(); members.MoveNext();)
        {
            table[members.Name] = members.Current;
        }

        return table;
    }
}
