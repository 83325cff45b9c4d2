namespace WikiBus.Server.Tests.Tidy;

/// <summary>Each rule, on text that breaks it: a check that cannot fail is none.</summary>
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
    public void Source_ThatBreaksARule_IsFound(string text, string finding) =>
        SourceRules.Check("src/B.cs", text).ShouldHaveSingleItem().ShouldContain(finding);

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
    public void Record_ThatIsNotSmall_HasAFileOfItsOwn() =>
        SourceRules.Check("src/B.cs", $"namespace A;\nclass B;\nrecord C\n{{{new string('\n', 20)}}}\n")
            .ShouldHaveSingleItem().ShouldContain("2 top-level types");

    [Fact]
    public void Folder_ThatUsesAnUnlistedOne_IsFound()
    {
        const string table = "| folder | holds | uses |\n|---|---|---|\n| `Intake` | x | `Access` |\n";
        var allowed = FolderEdges.Allowed($"## Edges between folders\n{table}## Next\n");
        FolderEdges.Check(allowed, "src/WikiBus.Server/Intake/A.cs", "using WikiBus.Server.Streaming;")
            .ShouldHaveSingleItem().ShouldContain("Intake uses Streaming");
        FolderEdges.Check(allowed, "src/WikiBus.Server/Other/A.cs", "")
            .ShouldHaveSingleItem().ShouldContain("not in the table");
        FolderEdges.Check(allowed, "src/WikiBus.Server/Intake/A.cs", "using WikiBus.Server.Access;").ShouldBeEmpty();
    }

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
