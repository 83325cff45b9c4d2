using System.Diagnostics;
using WikiBus.FunctionalTests.Infrastructure;

namespace WikiBus.FunctionalTests.Commands;

/// <summary>
/// The script <c>./wikibus</c> in a tree of its own. Its <c>dotnet</c> only notes the call, and publishes <c>echo</c>,
/// which prints its arguments, or a program of the test.
/// </summary>
public sealed class LauncherTests : IDisposable
{
    private const string Compiler = """
        #!/usr/bin/env bash
        echo build >> "$BUILDS"
        [[ -e "$BROKEN" ]] && { echo "error: it is broken"; exit 1; }
        while [[ $# -gt 0 ]]; do [[ "$1" == --output ]] && out="$2"; shift; done
        mkdir -p "$out"
        cp "$PROGRAM" "$out/wikibus"
        """;

    private readonly TestDirectory _tree = new();

    public LauncherTests()
    {
        foreach (var folder in (string[])["src", "eng", "bin", "elsewhere"])
        {
            Directory.CreateDirectory(_tree.Combine(folder));
        }

        foreach (var file in (string[])["global.json", "Directory.Build.props", "src/Program.cs"])
        {
            File.WriteAllText(_tree.Combine(file), "");
        }

        File.Copy(Path.Combine(WikiBusBinary.Root, "wikibus"), _tree.Combine("wikibus"));
        File.WriteAllText(_tree.Combine("bin", "dotnet"), Compiler);
        File.SetUnixFileMode(_tree.Combine("bin", "dotnet"), UnixFileMode.UserRead | UnixFileMode.UserExecute);
    }

    private int Builds => File.Exists(_tree.Combine("builds")) ? File.ReadAllLines(_tree.Combine("builds")).Length : 0;

    [Fact]
    public async Task TwoFirstRunsAtOnce_BuildOnce()
    {
        var results = await Task.WhenAll(RunAsync("wikibus", "a b"), RunAsync("wikibus", "a b"));

        results.ShouldAllBe(static result => result.Output == "a b\n");
        results.Count(static result => result.Error.Contains("building", StringComparison.Ordinal)).ShouldBe(1);
        Builds.ShouldBe(1);
    }

    [Fact]
    public async Task NothingChanged_DoesNotBuildAgain()
    {
        await RunAsync("wikibus");
        await RunAsync("wikibus");

        Builds.ShouldBe(1);
    }

    [Theory]
    [InlineData("src/Program.cs")]
    [InlineData("src/Added.cs")]
    [InlineData("Directory.Build.props")]
    public async Task SourceChanged_BuildsAgain(string file)
    {
        await RunAsync("wikibus");
        await File.WriteAllTextAsync(_tree.Combine(file), "changed", TestTime.Token());

        await RunAsync("wikibus");

        Builds.ShouldBe(2);
    }

    [Fact]
    public async Task SourceDeleted_BuildsAgain()
    {
        await RunAsync("wikibus");
        File.Delete(_tree.Combine("src", "Program.cs"));

        await RunAsync("wikibus");

        Builds.ShouldBe(2);
    }

    [Fact]
    public async Task CalledByALinkFromElsewhere_FindsItsTree()
    {
        File.CreateSymbolicLink(_tree.Combine("elsewhere", "bus"), "../wikibus");

        var result = await RunAsync("elsewhere/bus", "x");

        result.Output.ShouldBe("x\n");
    }

    [Fact]
    public async Task BuildFails_SaysWhyAndIsTriedAgain()
    {
        await File.WriteAllTextAsync(_tree.Combine("broken"), "", TestTime.Token());

        var failed = await RunAsync("wikibus");
        File.Delete(_tree.Combine("broken"));
        var mended = await RunAsync("wikibus", "x");

        failed.ExitCode.ShouldBe(1);
        failed.Output.ShouldBeEmpty();
        failed.Error.ShouldContain("error: it is broken");
        mended.Output.ShouldBe("x\n");
    }

    [Fact]
    public async Task ProgramThatRuns_KeepsItsFiles_UntilItEnds()
    {
        using var running = Process.Start(StartInfo("wikibus", "", program: "/bin/cat"))!;
        await running.StandardInput.WriteLineAsync("here").WaitAsync(TestTime.Limit);
        (await running.StandardOutput.ReadLineAsync().WaitAsync(TestTime.Limit)).ShouldBe("here");
        var program = File.ResolveLinkTarget($"/proc/{running.Id}/exe", returnFinalTarget: false)!.FullName;
        program.ShouldStartWith(_tree.FullPath);

        (await RunChangedAsync()).Output.ShouldBe("x\n");
        (await RunChangedAsync()).Output.ShouldBe("x\n");
        File.Exists(program).ShouldBeTrue();

        running.StandardInput.Close();
        await running.WaitForExitAsync().WaitAsync(TestTime.Limit);
        await RunChangedAsync();
        File.Exists(program).ShouldBeFalse();
        Directory.GetDirectories(_tree.Combine("artifacts", "builds")).Length.ShouldBe(2);
    }

    [Fact]
    public async Task BuildOfAnEarlierScript_IsReplaced()
    {
        Directory.CreateDirectory(_tree.Combine("artifacts", "wikibus"));
        await File.WriteAllTextAsync(_tree.Combine("artifacts", "wikibus", "wikibus"), "", TestTime.Token());

        (await RunAsync("wikibus", "x")).Output.ShouldBe("x\n");

        File.Exists(_tree.Combine("artifacts", "wikibus", "wikibus")).ShouldBeTrue();
    }

    public void Dispose() => _tree.Dispose();

    private async Task<CommandResult> RunChangedAsync()
    {
        await File.WriteAllTextAsync(_tree.Combine("src", "Program.cs"), "changed", TestTime.Token());
        return await RunAsync("wikibus", "x");
    }

    private async Task<CommandResult> RunAsync(string script, string arguments = "")
    {
        using var process = Process.Start(StartInfo(script, arguments, program: "/bin/echo"))!;
        var output = process.StandardOutput.ReadToEndAsync();
        var error = process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync().WaitAsync(TestTime.Limit);
        return new CommandResult(process.ExitCode, await output, await error);
    }

    private ProcessStartInfo StartInfo(string script, string arguments, string program)
    {
        var start = new ProcessStartInfo(_tree.Combine(script), arguments)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = Path.GetTempPath(),
        };
        start.Environment["PATH"] = $"{_tree.Combine("bin")}:{Environment.GetEnvironmentVariable("PATH")}";
        start.Environment["BUILDS"] = _tree.Combine("builds");
        start.Environment["BROKEN"] = _tree.Combine("broken");
        start.Environment["PROGRAM"] = program;
        return start;
    }
}
