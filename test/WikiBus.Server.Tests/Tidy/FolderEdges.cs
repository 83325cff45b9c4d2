using System.Text.RegularExpressions;

namespace WikiBus.Server.Tests.Tidy;

/// <summary>
/// Compares the tables in docs/architecture.md with the references in the sources. A folder uses exactly the folders of
/// its row. No folders of one project use each other in a circle.
/// </summary>
internal static partial class FolderEdges
{
    public const string Document = "docs/architecture.md";

    /// <summary>Most files of one folder.</summary>
    public const int FilesMax = 25;

    private const string Section = "## Edges between folders";

    /// <summary>
    /// For each folder, the folders that it may use. A table begins with <c>### `WikiBus.Server`</c>. Its rows are
    /// <c>| `Intake` | … | `Access`, `Streams` |</c>. The project's own folder is <c>.</c>.
    /// </summary>
    public static Dictionary<string, HashSet<string>> Allowed(string document)
    {
        var edges = new Dictionary<string, HashSet<string>>(StringComparer.Ordinal);
        var project = "";
        var lines = document[document.IndexOf(Section, StringComparison.Ordinal)..].Split('\n').Skip(1);
        foreach (var line in lines.TakeWhile(line => !line.StartsWith("## ", StringComparison.Ordinal)))
        {
            if (line.StartsWith("### ", StringComparison.Ordinal))
            {
                project = Quoted().Match(line).Groups[1].Value;
            }

            var cells = line.Split('|');
            if (cells.Length >= 5 && Quoted().Match(cells[1]) is { Success: true } folder)
            {
                var used = Quoted().Matches(cells[3]).Select(match => Join(project, match.Groups[1].Value));
                edges.Add(Join(project, folder.Groups[1].Value), used.ToHashSet(StringComparer.Ordinal));
            }
        }

        return edges;
    }

    /// <summary>Findings about the tables: missing folders and edges, and unused ones.</summary>
    public static IEnumerable<string> CheckTables(
        Dictionary<string, HashSet<string>> allowed,
        IReadOnlyCollection<string> folders,
        IReadOnlyList<FolderReference> references)
    {
        foreach (var folder in folders.Except(allowed.Keys, StringComparer.Ordinal))
        {
            yield return $"{folder} is not in the tables of {Document}; add a row.";
        }

        foreach (var folder in allowed.Keys.Except(folders, StringComparer.Ordinal))
        {
            yield return $"{folder} is in the tables of {Document} and has no sources; remove its row.";
        }

        var used = OfOneProject(references).ToLookup(reference => reference.From, StringComparer.Ordinal);
        foreach (var (folder, permitted) in allowed)
        {
            foreach (var found in used[folder].Where(reference => !permitted.Contains(reference.To)))
            {
                yield return $"{found.Path}: uses {found.Name} of {found.To}; {Document} allows {folder} to use "
                    + $"{string.Join(", ", permitted)}.";
            }

            var needed = used[folder].Select(reference => reference.To);
            foreach (var unused in permitted.Except(needed, StringComparer.Ordinal))
            {
                yield return $"{Document}: {folder} may use {unused}, and does not; remove that.";
            }
        }
    }

    /// <summary>Findings about circles: the shortest form of each, with one reference for each step.</summary>
    public static IEnumerable<string> CheckCircles(IReadOnlyList<FolderReference> references)
    {
        var edges = OfOneProject(references)
            .GroupBy(reference => (reference.From, reference.To))
            .ToLookup(group => group.Key.From, group => group.First(), StringComparer.Ordinal);
        var found = new HashSet<string>(StringComparer.Ordinal);
        foreach (var start in edges.Select(group => group.Key).Order(StringComparer.Ordinal))
        {
            if (ShortestCircle(start, edges) is { } circle
                && found.Add(string.Join(' ', circle.Select(step => step.From).Order(StringComparer.Ordinal))))
            {
                yield return "A circle: " + string.Join("; ", circle.Select(step =>
                    $"{step.From} uses {step.To} ({System.IO.Path.GetFileName(step.Path)}: {step.Name})"));
            }
        }
    }

    /// <summary>Findings about folders with too many files.</summary>
    public static IEnumerable<string> CheckSizes(IEnumerable<string> paths) => paths
        .GroupBy(FolderReference.FolderOf, StringComparer.Ordinal)
        .Where(folder => folder.Count() > FilesMax)
        .Select(folder => $"{folder.Key}: {folder.Count()} files; at most {FilesMax}. Divide it into rooms.");

    private static IEnumerable<FolderReference> OfOneProject(IEnumerable<FolderReference> references) =>
        references.Where(reference =>
            FolderReference.ProjectOf(reference.From) == FolderReference.ProjectOf(reference.To));

    // Breadth first, from a folder back to itself.
    private static List<FolderReference>? ShortestCircle(string start, ILookup<string, FolderReference> edges)
    {
        var reachedBy = new Dictionary<string, FolderReference>(StringComparer.Ordinal);
        var waiting = new Queue<string>([start]);
        while (waiting.TryDequeue(out var folder))
        {
            foreach (var step in edges[folder].Where(step => reachedBy.TryAdd(step.To, step)))
            {
                if (step.To == start)
                {
                    return PathTo(start, reachedBy);
                }

                waiting.Enqueue(step.To);
            }
        }

        return null;
    }

    private static List<FolderReference> PathTo(string start, Dictionary<string, FolderReference> reachedBy)
    {
        var circle = new List<FolderReference> { reachedBy[start] };
        while (circle[^1].From != start)
        {
            circle.Add(reachedBy[circle[^1].From]);
        }

        circle.Reverse();
        return circle;
    }

    private static string Join(string project, string folder) => folder == "." ? project : $"{project}/{folder}";

    [GeneratedRegex("`([A-Za-z./]+)`", RegexOptions.None, 1000)]
    private static partial Regex Quoted();
}
