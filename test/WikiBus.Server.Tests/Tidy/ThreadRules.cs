using System.Text.RegularExpressions;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace WikiBus.Server.Tests.Tidy;

/// <summary>
/// Compares the table of the section "Threads" in docs/architecture.md with the sources: which classes have a thread of
/// their own, or start work in the thread pool. No class may ask which thread it is on.
/// </summary>
internal static partial class ThreadRules
{
    private static readonly HashSet<string> s_threadNames = new(StringComparer.Ordinal)
    {
        "Thread", "ThreadPool", "ThreadStatic", "ThreadStaticAttribute", "ThreadLocal", "ThreadPriority",
        "CurrentManagedThreadId", "IsThreadPoolThread", "IThreadPoolWorkItem", "SynchronizationContext",
        "TaskScheduler", "LongRunning", "UnsafePreferInlineScheduling", "PreferInline",
    };

    /// <summary>The classes of the table, each with whether it has a thread of its own.</summary>
    public static Dictionary<string, bool> Allowed(string document)
    {
        var section = document[document.IndexOf("## Threads", StringComparison.Ordinal)..];
        return section.Split('\n').Skip(1)
            .TakeWhile(line => !line.StartsWith("## ", StringComparison.Ordinal))
            .Select(line => Row().Match(line))
            .Where(match => match.Success)
            .ToDictionary(
                match => match.Groups[1].Value,
                match => match.Groups[2].Value.Contains("a thread of its own", StringComparison.Ordinal),
                StringComparer.Ordinal);
    }

    public static IEnumerable<string> Check(Dictionary<string, bool> allowed, string path, string text)
    {
        var listed = allowed.TryGetValue(Path.GetFileNameWithoutExtension(path), out var hasThread);
        var root = CSharpSyntaxTree.ParseText(text).GetCompilationUnitRoot();
        foreach (var name in root.DescendantNodes().OfType<SimpleNameSyntax>())
        {
            var line = name.GetLocation().GetLineSpan().StartLinePosition.Line + 1;
            if (s_threadNames.Contains(name.Identifier.Text) && !(hasThread && name.Identifier.Text == "Thread"))
            {
                yield return $"{path}:{line}: uses {name.Identifier.Text}; {FolderEdges.Document} allows threads to " +
                    $"{string.Join(", ", allowed.Where(entry => entry.Value).Select(entry => entry.Key))}.";
            }

            if (!listed && StartsWork(name))
            {
                yield return $"{path}:{line}: starts work in the thread pool; {FolderEdges.Document} allows that to " +
                    $"{string.Join(", ", allowed.Keys)}.";
            }
        }
    }

    private static bool StartsWork(SimpleNameSyntax name) =>
        name.Identifier.Text is "Run" or "StartNew" &&
        name.Parent is MemberAccessExpressionSyntax access &&
        access.Name == name &&
        access.Expression.ToString() is "Task" or "Task.Factory";

    [GeneratedRegex(@"^\| `([A-Za-z]+)` \|(.*)\|", RegexOptions.None, 1000)]
    private static partial Regex Row();
}
