namespace WikiBus.Server.Filters;

/// <summary>
/// Finds the values whose patterns match a URI, without comparing it with each pattern: by one look-up for each part of
/// its path, with its host and with the host <c>*</c>. Not safe for concurrent changes.
/// </summary>
/// <typeparam name="T">What belongs to a pattern.</typeparam>
internal sealed class UriTable<T>
    where T : class, new()
{
    private readonly Dictionary<string, T> _exact = new(StringComparer.Ordinal);
    private readonly Dictionary<string, T> _below = new(StringComparer.Ordinal);

    public bool IsEmpty => _exact.Count == 0 && _below.Count == 0;

    /// <summary>The value of a pattern; equal patterns have the same one.</summary>
    public T this[PatternKey key]
    {
        get
        {
            var table = key.IsWildcard ? _below : _exact;
            if (!table.TryGetValue(key.Text, out var value))
            {
                table.Add(key.Text, value = new T());
            }

            return value;
        }
    }

    /// <summary>Adds the values whose patterns match, and counts the look-ups.</summary>
    public int Find(UriKey uri, List<T> found) =>
        Find(uri.Text, uri.PathStart, found) + Find(uri.AnyHostText, uri.AnyHostPathStart, found);

    private int Find(string text, int pathStart, List<T> found)
    {
        var count = 1;
        // A path of no segment is matched by wildcards only.
        if (pathStart < text.Length)
        {
            Add(_exact, text, found);
            count++;
        }

        for (var end = pathStart; end < text.Length; end++)
        {
            if (text[end] == '/')
            {
                Add(_below, text.AsSpan(0, end), found);
                count++;
            }
        }

        Add(_below, text, found);
        return count;
    }

    private static void Add(Dictionary<string, T> table, ReadOnlySpan<char> text, List<T> found)
    {
        if (table.GetAlternateLookup<ReadOnlySpan<char>>().TryGetValue(text, out var value))
        {
            found.Add(value);
        }
    }
}

/// <summary>A pattern as <see cref="UriTable{T}"/> keeps it.</summary>
/// <param name="Text">Scheme, host and path in lower case, without a last <c>/*</c>.</param>
/// <param name="IsWildcard">Does it match everything at and below the path?</param>
internal readonly record struct PatternKey(string Text, bool IsWildcard);
