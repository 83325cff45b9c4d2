using System.Text.RegularExpressions;

namespace WikiBus.Server.Tests.Tidy;

/// <summary>
/// The classes that an event passes from the socket to the disk: the first table of the section "The path of an event"
/// in docs/architecture.md. Each has a file, and a newcomer can read all in an hour.
/// </summary>
internal static partial class EventPath
{
    public const int ClassesMax = 18;

    public static IEnumerable<string> Check(string document, ICollection<string> sources)
    {
        var section = document[document.IndexOf("## The path of an event", StringComparison.Ordinal)..];
        var classes = section.Split('\n').Skip(1)
            .TakeWhile(line => !line.StartsWith("From the disk", StringComparison.Ordinal))
            .Select(line => Row().Match(line))
            .Where(match => match.Success)
            .Select(match => match.Groups[1].Value)
            .Distinct(StringComparer.Ordinal)
            .ToList();
        if (classes.Count is 0 or > ClassesMax)
        {
            yield return $"{FolderEdges.Document}: {classes.Count} classes from the socket to the disk; " +
                $"1 to {ClassesMax}. Join two, or take one out of the way.";
        }

        foreach (var name in classes)
        {
            var file = $"/{name}.cs";
            if (!sources.Any(path => path.EndsWith(file, StringComparison.Ordinal)))
            {
                yield return $"{FolderEdges.Document}: {name} is no source file; name the class that does it.";
            }
        }
    }

    [GeneratedRegex(@"^\| \d+\. [^|]* \| `([A-Za-z]+)` \|", RegexOptions.None, 1000)]
    private static partial Regex Row();
}
