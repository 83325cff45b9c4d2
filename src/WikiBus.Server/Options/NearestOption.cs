namespace WikiBus.Server.Options;

/// <summary>Finds the option that a wrong name probably means.</summary>
internal static class NearestOption
{
    /// <summary>Longer names are cut, since the work grows with their length.</summary>
    private const int LengthMax = 100;

    /// <summary>The option with the fewest edits, with or without its section.</summary>
    public static string To(string path, IEnumerable<(string Section, string Key)> options)
    {
        var name = Letters(path);
        return options
            .Select(option => (
                Path: ConfigurationPath.Combine(option.Section, option.Key),
                Edits: Math.Min(
                    Edits(name, Letters(option.Section + option.Key)), Edits(name, Letters(option.Key)))))
            .OrderBy(static option => option.Edits).ThenBy(static option => option.Path, StringComparer.Ordinal)
            .First().Path;
    }

    private static string Letters(string name) => new(
        [.. name.Where(char.IsAsciiLetterOrDigit).Take(LengthMax).Select(char.ToLowerInvariant)]);

    /// <summary>How many letters have to be added, removed or replaced (Levenshtein's distance).</summary>
    private static int Edits(string from, string to)
    {
        var row = Enumerable.Range(0, to.Length + 1).ToArray();
        for (var i = 1; i <= from.Length; i++)
        {
            var diagonal = row[0];
            row[0] = i;
            for (var j = 1; j <= to.Length; j++)
            {
                var replaced = diagonal + (from[i - 1] == to[j - 1] ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.Min(replaced, Math.Min(row[j], row[j - 1]) + 1);
            }
        }

        return row[to.Length];
    }
}
