using System.Buffers;

namespace WikiBus.Schemas;

/// <summary>
/// Finds a name that stands twice in one object. Names are told apart by the hashes that parsing left in the tokens.
/// Large objects sort them, so that neither many members nor crafted equal hashes cost more than n log n comparisons.
/// </summary>
internal static class JsonDuplicates
{
    /// <summary>Up to here the members seen are searched one by one, vectorised.</summary>
    private const int MembersSearchedMax = 64;

    /// <summary>The first such name at or below the token, unescaped.</summary>
    public static string? Find(JsonTape tape, int root)
    {
        var tokens = tape.Tokens;
        var end = tokens[root].Kind < JsonKind.Array ? root : tokens[root].Next;
        for (var index = root; index < end; index++)
        {
            if (tokens[index].Kind == JsonKind.Object && FindIn(tape, index) is var name and not 0)
                return new JsonNode(tape, name).GetString();
        }
        return null;
    }

    /// <summary>The index of a name's token, 0 when every name of the object stands once.</summary>
    private static int FindIn(JsonTape tape, int container)
    {
        var tokens = tape.Tokens;
        var end = tokens[container].Next;
        Span<int> hashes = stackalloc int[MembersSearchedMax];
        var count = 0;
        for (var index = container + 1; index < end; index = tokens[index + 1].Next)
        {
            if (count == MembersSearchedMax)
                return FindSorted(tape, container);
            var hash = tokens[index].Next;
            if (hashes[..count].Contains(hash) && StandsBefore(tape, container, index))
                return index;
            hashes[count++] = hash;
        }
        return 0;
    }

    private static bool StandsBefore(JsonTape tape, int container, int name)
    {
        var tokens = tape.Tokens;
        for (var index = container + 1; index < name; index = tokens[index + 1].Next)
        {
            if (tokens[index].Next == tokens[name].Next && Compare(tape, index, name) == 0)
                return true;
        }
        return false;
    }

    private static int FindSorted(JsonTape tape, int container)
    {
        var tokens = tape.Tokens;
        var end = tokens[container].Next;
        var names = ArrayPool<int>.Shared.Rent(end - container);
        var count = 0;
        for (var index = container + 1; index < end; index = tokens[index + 1].Next)
            names[count++] = index;
        var sorted = names.AsSpan(0, count);
        sorted.Sort((left, right) => Compare(tape, left, right));
        var found = 0;
        for (var i = 1; i < count && found == 0; i++)
            found = Compare(tape, sorted[i - 1], sorted[i]) == 0 ? Math.Max(sorted[i - 1], sorted[i]) : 0;
        ArrayPool<int>.Shared.Return(names);
        return found;
    }

    /// <summary>Orders names by hash, then by text.</summary>
    private static int Compare(JsonTape tape, int left, int right)
    {
        ref readonly var first = ref tape[left];
        ref readonly var second = ref tape[right];
        if (first.Next != second.Next)
            return first.Next.CompareTo(second.Next);
        var firstText = new JsonNode(tape, left).GetUtf8().Span;
        var secondText = new JsonNode(tape, right).GetUtf8().Span;
        return firstText.SequenceCompareTo(secondText);
    }
}
