using System.Text.RegularExpressions;

namespace WikiBus.Server.Tests.Tidy;

/// <summary>Which folder of the server may use which: the table in docs/architecture.md, against the sources.</summary>
internal static partial class FolderEdges
{
    public const string Document = "docs/architecture.md";
    private const string Sources = "src/WikiBus.Server/";

    /// <summary>
    /// Folder to the folders that it may use, from the table's rows <c>| `Intake` | … | `Access`, `Catalog` |</c>.
    /// </summary>
    public static Dictionary<string, HashSet<string>> Allowed(string document)
    {
        var edges = new Dictionary<string, HashSet<string>>(StringComparer.Ordinal);
        var section = document[document.IndexOf("## Edges between folders", StringComparison.Ordinal)..];
        var lines = section.Split('\n').Skip(1);
        foreach (var line in lines.TakeWhile(line => !line.StartsWith("## ", StringComparison.Ordinal)))
        {
            var cells = line.Split('|');
            if (cells.Length < 5 || Folder().Match(cells[1]) is not { Success: true } folder)
            {
                continue;
            }

            var used = Folder().Matches(cells[3]).Select(match => match.Groups[1].Value);
            edges.Add(folder.Groups[1].Value, used.ToHashSet(StringComparer.Ordinal));
        }

        return edges;
    }

    public static IEnumerable<string> Check(Dictionary<string, HashSet<string>> allowed, string path, string text)
    {
        var folder = path[Sources.Length..].Split('/')[0];
        if (!path.StartsWith(Sources, StringComparison.Ordinal) || folder.EndsWith(".cs", StringComparison.Ordinal))
        {
            yield break;
        }

        if (!allowed.TryGetValue(folder, out var used))
        {
            yield return $"{path}: the folder {folder} is not in the table of {Document}; add it.";
            yield break;
        }

        var named = Reference().Matches(text).Select(match => match.Groups[1].Value).Distinct(StringComparer.Ordinal);
        foreach (var other in named.Where(other => other != folder && !used.Contains(other) && !used.Contains("all")))
        {
            yield return $"{path}: {folder} uses {other}; {Document} allows it {string.Join(", ", used)}.";
        }
    }

    [GeneratedRegex("`([A-Za-z]+)`", RegexOptions.None, 1000)]
    private static partial Regex Folder();

    [GeneratedRegex(@"WikiBus\.Server\.([A-Z][A-Za-z]+)", RegexOptions.None, 1000)]
    private static partial Regex Reference();
}
