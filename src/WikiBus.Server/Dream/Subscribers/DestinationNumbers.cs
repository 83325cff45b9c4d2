namespace WikiBus.Server.Dream.Subscribers;

/// <summary>
/// Numbers the destinations of a set. Each number is one subscription of the engine, with a cursor and what waits.
/// </summary>
internal static class DestinationNumbers
{
    /// <summary>
    /// Destinations that stay keep their number. A new one takes the number of one that goes, and so gets what was
    /// waiting for it. Further ones take the smallest free number.
    /// </summary>
    /// <param name="before">The URIs by their numbers before the change.</param>
    /// <param name="uris">The URIs after it.</param>
    public static SortedDictionary<int, string> Assign(
        IReadOnlyDictionary<int, string> before, IEnumerable<string> uris)
    {
        var wanted = uris.Distinct(StringComparer.Ordinal).ToList();
        var numbers = new SortedDictionary<int, string>();
        var kept = before.Where(entry => wanted.Contains(entry.Value)).ToList();
        foreach (var (number, uri) in kept)
        {
            numbers.Add(number, uri);
        }

        var free = new Queue<int>(before.Keys.Except(numbers.Keys).Order());
        var next = 1;
        foreach (var uri in wanted.Except(kept.Select(static entry => entry.Value), StringComparer.Ordinal))
        {
            if (!free.TryDequeue(out var number))
            {
                while (before.ContainsKey(next) || numbers.ContainsKey(next))
                {
                    next++;
                }

                number = next;
            }

            numbers.Add(number, uri);
        }

        return numbers;
    }
}
