namespace WikiBus.Server.Tests.Tidy;

/// <summary>
/// The rules over the real tree. A finding is a sentence with file, line, what is wrong and what is allowed.
/// </summary>
public sealed class TreeTests
{
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
        var paths = Sources().ToList();
        var references = FolderReferences.Find(paths.Select(path => (path, Tree.Read(path))));
        references.ShouldContain(reference => reference.To == "WikiBus.Server/Intake", "the check reads the real tree");
        var folders = paths.Select(FolderReference.FolderOf).Distinct(StringComparer.Ordinal).ToList();
        var allowed = FolderEdges.Allowed(Tree.Read(FolderEdges.Document));
        ShouldHaveNone(FolderEdges.CheckTables(allowed, folders, references));
    }

    [Fact(Explicit = true)]
    public void Folders_AreRooms()
    {
        var paths = Sources().ToList();
        var references = FolderReferences.Find(paths.Select(path => (path, Tree.Read(path))));
        ShouldHaveNone(FolderEdges.CheckCircles(references).Concat(FolderEdges.CheckSizes(paths)));
    }

    [Fact]
    public void Threads_AreOnlyWhereTheArchitectureAllows()
    {
        var allowed = ThreadRules.Allowed(Tree.Read(FolderEdges.Document));
        allowed.ShouldContain(entry => entry.Value, "the writer has a thread of its own");
        ShouldHaveNone(Sources().SelectMany(path => ThreadRules.Check(allowed, path, Tree.Read(path))));
    }

    [Fact]
    public void EventPath_IsShortAndNamesRealClasses()
    {
        ShouldHaveNone(EventPath.Check(Tree.Read(FolderEdges.Document), [.. Sources()]));
    }

    [Fact]
    public void DocumentLinks_LeadSomewhere()
    {
        var files = Tree.Files(".md").ToList();
        files.ShouldContain("README.md");
        ShouldHaveNone(files.SelectMany(path => DocumentLinks.Check(path, Tree.Read(path), ReadOrNull)));
    }

    [Fact]
    public void Libraries_UseOnlyWhatTheyMay()
    {
        Tree.Read("src/WikiBus.Storage/WikiBus.Storage.csproj").ShouldNotContain("Reference Include");
        Tree.Read("src/WikiBus.Events/WikiBus.Events.csproj").ShouldNotContain("Reference Include");
        var schemas = Tree.Read("src/WikiBus.Schemas/WikiBus.Schemas.csproj");
        schemas.ShouldNotContain("ProjectReference");
        schemas.Split("PackageReference Include").Length.ShouldBe(2, "YamlDotNet and nothing else");
    }

    private static IEnumerable<string> Sources() =>
        Tree.Files(".cs").Where(path => path.StartsWith("src/", StringComparison.Ordinal));

    // An assertion over the collection would shorten the list; whoever mends the tree wants all of it.
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
