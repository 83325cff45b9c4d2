using System.Xml.Linq;

namespace WikiBus.Server.Tests.Tidy;

/// <summary>
/// The rules over the real tree. A finding is a sentence with file, line, what is wrong and what is allowed.
/// </summary>
public sealed class TreeTests
{
    private static readonly List<string> s_sources =
        [.. Tree.Files(".cs").Where(path => path.StartsWith("src/", StringComparison.Ordinal))];

    // Two tests need it, and it compiles all sources.
    private static readonly Lazy<IReadOnlyList<FolderReference>> s_references =
        new(() => FolderReferences.Find(s_sources.Select(path => (path, Tree.Read(path)))));

    [Fact]
    public void Sources_KeepTheSizesAndShapes()
    {
        var files = Tree.Files(".cs").ToList();
        files.Count.ShouldBeGreaterThan(50, "the check reads the real tree");
        ShouldHaveNone(files.SelectMany(path => SourceRules.Check(path, Tree.Read(path))));
    }

    [Fact]
    public void Folders_UseOnlyWhatTheArchitectureAllows()
    {
        s_references.Value.ShouldContain(
            reference => reference.To == "WikiBus.Server/Intake", "the check reads the real tree");
        var folders = s_sources.Select(FolderReference.FolderOf).Distinct(StringComparer.Ordinal).ToList();
        var allowed = FolderEdges.Allowed(Tree.Read(FolderEdges.Document));
        ShouldHaveNone(FolderEdges.CheckTables(allowed, folders, s_references.Value));
    }

    [Fact]
    public void Folders_AreRooms() =>
        ShouldHaveNone(FolderEdges.CheckCircles(s_references.Value).Concat(FolderEdges.CheckSizes(s_sources)));

    [Fact]
    public void Threads_AreOnlyWhereTheArchitectureAllows()
    {
        var allowed = ThreadRules.Allowed(Tree.Read(FolderEdges.Document));
        allowed.ShouldContain(entry => entry.Value, "the writer has a thread of its own");
        ShouldHaveNone(s_sources.SelectMany(path => ThreadRules.Check(allowed, path, Tree.Read(path))));
    }

    [Fact]
    public void EventPath_IsShortAndNamesRealClasses()
    {
        ShouldHaveNone(EventPath.Check(Tree.Read(FolderEdges.Document), s_sources));
    }

    [Fact]
    public void DocumentLinks_LeadSomewhere()
    {
        var files = Tree.Files(".md").ToList();
        files.ShouldContain("README.md");
        ShouldHaveNone(files.SelectMany(path => DocumentLinks.Check(path, Tree.Read(path), ReadOrNull)));
    }

    [Theory]
    [InlineData("WikiBus.Storage")]
    [InlineData("WikiBus.Events")]
    [InlineData("WikiBus.Json")]
    [InlineData("WikiBus.Schemas", "WikiBus.Json", "YamlDotNet")]
    [InlineData("WikiBus.Producer", "Microsoft.AspNetCore.App", "WikiBus.Events")]
    [InlineData(
        "WikiBus.Producer.EntityFrameworkCore", "WikiBus.Producer", "Microsoft.EntityFrameworkCore.Relational")]
    public void Libraries_UseOnlyWhatTheyMay(string library, params string[] allowed) =>
        XDocument.Parse(Tree.Read($"src/{library}/{library}.csproj")).Descendants()
            .Where(element => element.Name.LocalName.EndsWith("Reference", StringComparison.Ordinal))
            .Select(element => element.Attribute("Include")!.Value.Split('/')[^1].Replace(".csproj", ""))
            .ShouldBe(allowed, ignoreOrder: true);

    // An assertion over the collection would shorten the list. Whoever mends the tree needs all of it.
    private static void ShouldHaveNone(IEnumerable<string> findings)
    {
        var list = findings.ToList();
        Assert.True(list.Count == 0, $"{list.Count} findings:\n{string.Join('\n', list)}");
    }

    private static string? ReadOrNull(string path)
    {
        var full = Path.Combine(Tree.Root, path);
        return File.Exists(full) ? File.ReadAllText(full) : Directory.Exists(full) ? "" : null;
    }
}
