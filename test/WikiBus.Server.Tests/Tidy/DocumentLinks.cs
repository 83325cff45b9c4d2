using System.Text.RegularExpressions;

namespace WikiBus.Server.Tests.Tidy;

/// <summary>Links between the documents: files that exist, and headings that exist in them.</summary>
internal static partial class DocumentLinks
{
    public static IEnumerable<string> Check(string path, string text, Func<string, string?> read)
    {
        foreach (Match match in Link().Matches(Fence().Replace(text, "")))
        {
            var target = match.Groups[1].Value;
            if (target.Contains("://", StringComparison.Ordinal)
                || target.StartsWith("mailto:", StringComparison.Ordinal))
            {
                continue;
            }

            var parts = target.Split('#', 2);
            var file = parts[0].Length == 0 ? path : Resolve(path, parts[0]);
            var content = parts[0].Length == 0 ? text : read(file);
            if (content is null)
            {
                yield return $"{path}: links to {target}, which does not exist.";
            }
            else if (parts.Length == 2 && !Anchors(content).Contains(parts[1], StringComparer.Ordinal))
            {
                yield return $"{path}: links to {target}; there is no such heading.";
            }
        }
    }

    private static string Resolve(string path, string target)
    {
        var folder = Path.GetDirectoryName("/" + path)!;
        return Path.GetFullPath(target, folder)[1..];
    }

    private static IEnumerable<string> Anchors(string markdown) =>
        Heading().Matches(markdown).Select(match => Punctuation()
            .Replace(match.Groups[1].Value.Trim().ToLowerInvariant(), "")
            .Replace(' ', '-'));

    [GeneratedRegex(@"\]\(([^)\s]+)\)", RegexOptions.None, 1000)]
    private static partial Regex Link();

    [GeneratedRegex("```.*?```", RegexOptions.Singleline, 1000)]
    private static partial Regex Fence();

    [GeneratedRegex(@"^#+ (.*)$", RegexOptions.Multiline, 1000)]
    private static partial Regex Heading();

    [GeneratedRegex(@"[^\w\- ]", RegexOptions.None, 1000)]
    private static partial Regex Punctuation();
}
