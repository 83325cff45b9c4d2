using System.Buffers;
using WikiBus.Json.Scalars;

namespace WikiBus.Json;

/// <summary>
/// Finds a name that an object has twice. Names are compared by the hashes that parsing left in the tokens. A client
/// can craft names with equal hashes. So large objects hash their names again with a secret seed and sort these hashes;
/// only names with equal ones are compared.
/// </summary>
internal static class JsonDuplicates
{
    /// <summary>Up to this many members, each name is compared with those before it.</summary>
    private const int MembersSearchedMax = 64;

    /// <summary>
    /// Words of the filter of seen hashes, which has a bit for each. Of twenty members, two share a bit in one object
    /// of five.
    /// </summary>
    private const int SeenWords = 16;

    /// <summary>The first repeated name at or below the token, unescaped; null when there is none.</summary>
    public static string? Find(JsonTape tape, int root)
    {
        var tokens = tape.Tokens;
        var end = tokens[root].Kind < JsonKind.Array ? root : tokens[root].Next;
        for (var index = root; index < end; index++)
        {
            if (tokens[index].Kind == JsonKind.Object && FindIn(tape, index) is var name and not 0)
            {
                return new JsonTapeValue(tape, name).GetString();
            }
        }
        return null;
    }

    /// <summary>The token of the first repeated name; 0 when there is none.</summary>
    private static int FindIn(JsonTape tape, int container)
    {
        var tokens = tape.Tokens;
        var end = tokens[container].Next;
        Span<ulong> seen = stackalloc ulong[SeenWords];
        var count = 0;
        for (var index = container + 1; index < end; index = tokens[index + 1].Next)
        {
            if (count++ == MembersSearchedMax)
            {
                return FindSorted(tape, container);
            }

            var hash = tokens[index].Next;
            ref var word = ref seen[(hash >> 6) & (SeenWords - 1)];
            if (((word >> hash) & 1) != 0 && IsRepeat(tape, container, index))
            {
                return index;
            }

            word |= 1UL << hash;
        }
        return 0;
    }

    private static bool IsRepeat(JsonTape tape, int container, int name)
    {
        var tokens = tape.Tokens;
        for (var index = container + 1; index < name; index = tokens[index + 1].Next)
        {
            if (tokens[index].Next == tokens[name].Next && AreEqual(tape, index, name))
            {
                return true;
            }
        }
        return false;
    }

    private static int FindSorted(JsonTape tape, int container)
    {
        var tokens = tape.Tokens;
        var end = tokens[container].Next;
        var names = ArrayPool<int>.Shared.Rent(end - container);
        var hashes = ArrayPool<int>.Shared.Rent(end - container);
        var count = 0;
        for (var index = container + 1; index < end; index = tokens[index + 1].Next)
        {
            names[count] = index;
            hashes[count++] = SeededHash(tape, index);
        }
        hashes.AsSpan(0, count).Sort(names.AsSpan(0, count));
        var found = 0;
        for (int start = 0, next; start < count; start = next)
        {
            for (next = start + 1; next < count && hashes[next] == hashes[start];)
            {
                next++;
            }

            if (next - start > 1 && FirstRepeat(tape, names.AsSpan(start..next)) is var name and not 0)
            {
                found = found == 0 ? name : Math.Min(found, name);
            }
        }
        ArrayPool<int>.Shared.Return(names);
        ArrayPool<int>.Shared.Return(hashes);
        return found;
    }

    /// <summary>The first name that equals an earlier one; 0 when there is none.</summary>
    private static int FirstRepeat(JsonTape tape, Span<int> names)
    {
        names.Sort();
        for (var later = 1; later < names.Length; later++)
        {
            for (var earlier = 0; earlier < later; earlier++)
            {
                if (AreEqual(tape, names[earlier], names[later]))
                {
                    return names[later];
                }
            }
        }
        return 0;
    }

    private static int SeededHash(JsonTape tape, int name)
    {
        var node = new JsonTapeValue(tape, name);
        return node.IsPlain ? JsonName.SeededHash(node.RawText) : JsonName.SeededHashEscaped(node.RawText);
    }

    private static bool AreEqual(JsonTape tape, int left, int right) =>
        new JsonTapeValue(tape, left).TextEquals(new JsonTapeValue(tape, right).GetUtf8().Span);
}
