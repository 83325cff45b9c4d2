using System.Diagnostics;

namespace WikiBus.FunctionalTests.Infrastructure;

/// <summary>The real <c>wikibus</c> binary, which <c>./wikibus</c> publishes and people run.</summary>
internal static class WikiBusBinary
{
    // Publishing takes far longer than the limit of a test.
    private static readonly TimeSpan s_publishTime = TimeSpan.FromMinutes(10);

    /// <summary>The repository.</summary>
    public static string Root { get; } = FindRoot();

    /// <summary>The binary, published from the current sources.</summary>
    public static string FilePath { get; } = Publish();

    /// <summary>How to start the binary: without the caller's terminal and settings.</summary>
    public static ProcessStartInfo StartInfo(IEnumerable<string> arguments, string? workingDirectory = null)
    {
        var start = new ProcessStartInfo(FilePath, arguments)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = workingDirectory ?? Path.GetTempPath(),
        };
        foreach (var name in start.Environment.Keys.Where(IsOfWikiBus).ToList())
        {
            start.Environment.Remove(name);
        }

        return start;
    }

    /// <summary>The same with a limit of open files, as <c>ulimit -n</c> sets it.</summary>
    public static ProcessStartInfo StartInfoWithFiles(int openFilesMax, IEnumerable<string> arguments)
    {
        var start = StartInfo(["-c", $"ulimit -n {openFilesMax}; exec \"$0\" \"$@\"", FilePath, .. arguments]);
        start.FileName = "bash";
        return start;
    }

    /// <summary>Runs it to its end.</summary>
    public static Task<CommandResult> RunAsync(
        IEnumerable<string> arguments, string input = "", string? workingDirectory = null,
        params (string Name, string Value)[] environment)
    {
        var start = StartInfo(arguments, workingDirectory);
        foreach (var (name, value) in environment)
        {
            start.Environment[name] = value;
        }

        return RunAsync(start, input);
    }

    /// <summary>Runs another command, such as a shell with the binary in its script, to its end.</summary>
    public static Task<CommandResult> RunInAsync(string command, IEnumerable<string> arguments)
    {
        var start = StartInfo(arguments);
        start.FileName = command;
        return RunAsync(start, input: "");
    }

    private static async Task<CommandResult> RunAsync(ProcessStartInfo start, string input)
    {
        using var process = Process.Start(start)!;
        try
        {
            await process.StandardInput.WriteAsync(input).WaitAsync(TestTime.Limit);
            process.StandardInput.Close();
            var output = process.StandardOutput.ReadToEndAsync();
            var error = process.StandardError.ReadToEndAsync();
            await process.WaitForExitAsync().WaitAsync(TestTime.Limit);
            return new CommandResult(
                process.ExitCode, await output.WaitAsync(TestTime.Limit), await error.WaitAsync(TestTime.Limit));
        }
        finally
        {
            if (!process.HasExited)
            {
                process.Kill();
            }
        }
    }

    private static string FindRoot()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "WikiBus.slnx")))
        {
            folder = folder.Parent ?? throw new InvalidOperationException("The tests run below the repository.");
        }

        return folder.FullName;
    }

    private static string Publish()
    {
        using var build = Process.Start(new ProcessStartInfo(Path.Combine(Root, "wikibus"), ["--version"])
        {
            RedirectStandardOutput = true,
        })!;
        build.WaitForExit(s_publishTime).ShouldBeTrue();
        build.ExitCode.ShouldBe(0);
        return Path.Combine(Root, "artifacts", "wikibus", "wikibus");
    }

    private static bool IsOfWikiBus(string variable) => variable.StartsWith("WIKIBUS_", StringComparison.Ordinal);
}
