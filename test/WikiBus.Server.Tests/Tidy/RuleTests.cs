namespace WikiBus.Server.Tests.Tidy;

/// <summary>Applies each rule to text that breaks it, so that every check can fail.</summary>
public sealed class RuleTests
{
    [Theory]
    [InlineData("namespace A;\nclass B { }\nclass C { }\n", "2 top-level types")]
    [InlineData("namespace A;\nclass C { }\n", "name the file after it")]
    [InlineData("namespace A { class B { } }\n", "file-scoped")]
    [InlineData("namespace A;\nclass B { void M() { try { } catch (IOException e) { } } }\n", "call it exception")]
    [InlineData("namespace A;\nclass B { void M(IOException e) { } }\n", "call it exception")]
    [InlineData("namespace A;\nclass B { } \n", "white space at the end")]
    [InlineData("namespace A;\n// TO" + "DO later\nclass B { }\n", "unfinished")]
    [InlineData("namespace A;\nclass B { string s = \"/ho" + "me/someone\"; }\n", "place of one machine")]
    [InlineData("namespace A;\nclass B { [GeneratedRegex(@\"^\\d+$\")] void M() { } }\n", "of all scripts")]
    [InlineData("namespace A;\nclass B { object M() => new Regex(\"[\\\\w.]\"); }\n", "of all scripts")]
    public void Source_ThatBreaksARule_IsFound(string text, string finding) =>
        SourceRules.Check("src/B.cs", text).ShouldHaveSingleItem().ShouldContain(finding);

    [Theory]
    [InlineData("[DllImport(\"libc\")] static extern int M();")]
    [InlineData("[LibraryImport(\"libc\")] static partial int M();")]
    [InlineData("string s = \"/proc/self/limits\";")]
    [InlineData("string s = \"/tmp\";")]
    [InlineData("Mono.Unix.UnixFileInfo s;")]
    public void LibraryForWikis_ThatNeedsOneSystem_IsFound(string member)
    {
        var text = $"namespace A;\nclass B {{ {member} }}\n";
        foreach (var library in SourceRules.LibrariesForWikis)
        {
            SourceRules.Check(library + "B.cs", text).ShouldHaveSingleItem().ShouldContain("Linux and Windows");
        }

        SourceRules.Check("src/WikiBus.Server/B.cs", text).ShouldBeEmpty();
    }

    [Fact]
    public void Source_ThatIsTooLong_IsFound()
    {
        var body = string.Concat(Enumerable.Repeat("        ;\n", SourceRules.FunctionLinesMax));
        SourceRules.Check("src/B.cs", "namespace A;\nclass B\n{\n    void C()\n    {\n" + body + "    }\n}\n")
            .ShouldHaveSingleItem().ShouldContain("a function of");

        SourceRules.Check("src/B.cs", "// " + new string('x', SourceRules.LineCharactersMax) + "\n")
            .ShouldHaveSingleItem().ShouldContain("characters");

        SourceRules.Check("src/B.cs", string.Concat(Enumerable.Repeat("\n", SourceRules.FileLinesMax + 1)))
            .ShouldHaveSingleItem().ShouldContain("lines; at most");
    }

    [Fact]
    public void Source_ThatKeepsTheRules_HasNoFinding() =>
        SourceRules.Check("src/B.cs", "namespace A;\n\nclass B\n{\n}\n\nrecord C(int D);\n").ShouldBeEmpty();

    [Fact]
    public void SampleWithTypesInOneFile_IsAllowed() =>
        SourceRules.Check("samples/A/Program.cs", "class B\n{\n}\n\nclass C\n{\n}\n").ShouldBeEmpty();

    [Fact]
    public void Record_ThatIsNotSmall_HasAFileOfItsOwn() =>
        SourceRules.Check("src/B.cs", $"namespace A;\nclass B;\nrecord C\n{{{new string('\n', 20)}}}\n")
            .ShouldHaveSingleItem().ShouldContain("2 top-level types");

    [Theory]
    [InlineData("using P.B; namespace P.A; class X : Y;")]
    [InlineData("namespace P.A; class X : B.Y;")]
    [InlineData("namespace P.A; class X { object M() => global::P.B.Y.Z; }")]
    [InlineData("namespace P.A; class X { int M(P.C.W w) => w.Y.Member; }")]
    public void Reference_InAnyForm_IsFound(string text)
    {
        var references = FolderReferences.Find(
        [
            ("src/P/A/X.cs", text),
            ("src/P/B/Y.cs", "namespace P.B; public class Y { public static object Z; public int Member; }"),
            ("src/P/C/W.cs", "namespace P.C; public class W { public P.B.Y Y; }"),
        ]);
        references.ShouldContain(reference => reference.From == "P/A" && reference.To == "P/B");
    }

    [Fact]
    public void Reference_ThatCannotBeResolved_IsRefused() =>
        Should.Throw<InvalidOperationException>(() => FolderReferences.Find([("src/P/A/X.cs", "class X : Missing;")]))
            .Message.ShouldContain("Missing");

    [Fact]
    public void Folder_ThatTheTablesDoNotDescribe_IsFound()
    {
        var allowed = FolderEdges.Allowed(
            "## Edges between folders\n### `P`\n| `A` | x | `B`, `.` |\n| `B` | x | |\n| `.` | x | |\n## Next\n");
        string[] folders = ["P/A", "P/B", "P"];
        FolderReference[] used = [new("P/A", "P/B", "src/P/A/X.cs", "Y"), new("P/A", "P", "src/P/A/X.cs", "Z")];

        FolderEdges.CheckTables(allowed, folders, used).ShouldBeEmpty();
        FolderEdges.CheckTables(allowed, folders, [.. used, new("P/B", "P", "src/P/B/Y.cs", "Z")])
            .ShouldHaveSingleItem().ShouldContain("src/P/B/Y.cs: uses Z of P;");
        FolderEdges.CheckTables(allowed, folders, used[..1])
            .ShouldHaveSingleItem().ShouldContain("P/A may use P, and does not");
        FolderEdges.CheckTables(allowed, [.. folders, "P/C"], used)
            .ShouldHaveSingleItem().ShouldContain("P/C is not in the tables");
        FolderEdges.CheckTables(allowed, ["P/A", "P"], used)
            .ShouldHaveSingleItem().ShouldContain("P/B is in the tables");
    }

    [Fact]
    public void Circle_OfFolders_IsFound()
    {
        FolderReference[] line = [new("P/A", "P/B", "A.cs", "b"), new("P/B", "P/C", "B.cs", "c")];
        FolderEdges.CheckCircles(line).ShouldBeEmpty();
        FolderEdges.CheckCircles([.. line, new("P/C", "Q/A", "C.cs", "a")]).ShouldBeEmpty("that is another project");
        FolderEdges.CheckCircles([.. line, new("P/C", "P/A", "C.cs", "a")])
            .ShouldHaveSingleItem().ShouldContain("P/C uses P/A (C.cs: a)");
    }

    [Fact]
    public void Folder_ThatIsTooLarge_IsFound() =>
        FolderEdges.CheckSizes(Enumerable.Range(0, FolderEdges.FilesMax + 1).Select(i => $"src/P/A/X{i}.cs"))
            .ShouldHaveSingleItem().ShouldContain("P/A: 26 files");

    [Theory]
    [InlineData("var a = Thread.CurrentThread;", "uses Thread;")]
    [InlineData("if (System.Environment.CurrentManagedThreadId == 1) { }", "uses CurrentManagedThreadId;")]
    [InlineData("[ThreadStatic] static int s_a;", "uses ThreadStatic;")]
    [InlineData("ThreadPool.UnsafeQueueUserWorkItem(a, b);", "uses ThreadPool;")]
    [InlineData("Task.Run(A);", "starts work in the thread pool")]
    [InlineData("Task.Factory.StartNew(A);", "starts work in the thread pool")]
    public void Thread_ThatIsNotListed_IsFound(string line, string finding)
    {
        var allowed = ThreadRules.Allowed("## Threads\n| `B` | a thread of its own |\n| `C` | `Task.Run` |\n## Next\n");
        ThreadRules.Check(allowed, "src/A.cs", $"class A {{ {(line[0] == '[' ? line : $"void M() {{ {line} }}")} }}")
            .ShouldHaveSingleItem().ShouldContain(finding);
    }

    [Fact]
    public void Thread_ThatIsListed_HasNoFinding()
    {
        var allowed = ThreadRules.Allowed("## Threads\n| `B` | a thread of its own |\n| `C` | `Task.Run` |\n## Next\n");
        ThreadRules.Check(allowed, "src/B.cs", "class B { Thread _a = new Thread(Run); }").ShouldBeEmpty();
        ThreadRules.Check(allowed, "src/C.cs", "class C { Task _a = Task.Run(B); }").ShouldBeEmpty();
        ThreadRules.Check(allowed, "src/C.cs", "class C { Thread _a; }").ShouldHaveSingleItem().ShouldContain("to B.");
    }

    [Fact]
    public void EventPath_ThatIsLongOrNamesNoClass_IsFound()
    {
        static string Document(int count) => "## The path of an event\n" +
            string.Concat(Enumerable.Range(1, count).Select(i => $"| {i}. do | `A{(char)('a' + i)}` | x | y |\n"));
        static List<string> Sources(int count) =>
            [.. Enumerable.Range(1, count).Select(i => $"src/A{(char)('a' + i)}.cs")];

        EventPath.Check(Document(EventPath.ClassesMax), Sources(EventPath.ClassesMax)).ShouldBeEmpty();
        EventPath.Check(Document(EventPath.ClassesMax + 1), Sources(EventPath.ClassesMax + 1))
            .ShouldHaveSingleItem().ShouldContain("19 classes");
        EventPath.Check(Document(2), Sources(1)).ShouldHaveSingleItem().ShouldContain("is no source file");
        EventPath.Check(Document(0), []).ShouldHaveSingleItem().ShouldContain("0 classes");
    }

    [Fact]
    public void Link_ThatLeadsNowhere_IsFound()
    {
        DocumentLinks.Check("docs/a.md", "[b](b.md)", _ => null)
            .ShouldHaveSingleItem().ShouldContain("does not exist");
        DocumentLinks.Check("docs/a.md", "[b](b.md#some-part)", _ => "# Other\n")
            .ShouldHaveSingleItem().ShouldContain("heading");
        DocumentLinks.Check("docs/a.md", "[b](../b.md#some-part)", path => path == "b.md" ? "## Some part\n" : null)
            .ShouldBeEmpty();
    }
}
