using System.Runtime.CompilerServices;

namespace WikiBus.Server.Tests.Tidy;

/// <summary>The repository's files, as paths relative to its root with forward slashes.</summary>
internal static class Tree
{
    private static readonly string[] s_generatedFolders = ["artifacts", "node_modules", "bin", "obj", ".git", "data"];

    public static string Root { get; } = FindRoot();

    public static IEnumerable<string> Files(string extension) =>
        Walk(Root).Where(path => path.EndsWith(extension, StringComparison.Ordinal)).Order(StringComparer.Ordinal);

    public static string Read(string path) => File.ReadAllText(Path.Combine(Root, path));

    private static IEnumerable<string> Walk(string folder)
    {
        foreach (var file in Directory.EnumerateFiles(folder))
        {
            yield return Path.GetRelativePath(Root, file).Replace('\\', '/');
        }

        foreach (var child in Directory.EnumerateDirectories(folder))
        {
            if (!s_generatedFolders.Contains(Path.GetFileName(child), StringComparer.Ordinal))
            {
                foreach (var file in Walk(child))
                {
                    yield return file;
                }
            }
        }
    }

    private static string FindRoot([CallerFilePath] string source = "")
    {
        var folder = new FileInfo(source).Directory;
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "WikiBus.slnx")))
        {
            folder = folder.Parent;
        }

        return folder?.FullName ?? throw new InvalidOperationException("No WikiBus.slnx above the tests' sources.");
    }
}
