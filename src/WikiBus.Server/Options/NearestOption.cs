using WikiBus.Server.Spelling;

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
                    EditDistance.Between(name, Letters(option.Section + option.Key)),
                    EditDistance.Between(name, Letters(option.Key)))))
            .OrderBy(static option => option.Edits).ThenBy(static option => option.Path, StringComparer.Ordinal)
            .First().Path;
    }

    private static string Letters(string name) => new(
        [.. name.Where(char.IsAsciiLetterOrDigit).Take(LengthMax).Select(char.ToLowerInvariant)]);
}
