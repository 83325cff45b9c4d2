using System.Diagnostics;

namespace WikiBus.FunctionalTests.Infrastructure;

/// <summary>The real <c>wikibus</c> binary, as built beside the tests.</summary>
internal static class WikiBusBinary
{
    public static string FilePath { get; } = Path.Combine(AppContext.BaseDirectory, "wikibus");

    /// <summary>How the binary is started: nothing of the caller's terminal or settings reaches it.</summary>
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

    /// <summary>Runs it to its end.</summary>
    public static async Task<CommandResult> RunAsync(
        IEnumerable<string> arguments, string input = "", string? workingDirectory = null)
    {
        using var process = Process.Start(StartInfo(arguments, workingDirectory))!;
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

    private static bool IsOfWikiBus(string variable) => variable.StartsWith("WIKIBUS_", StringComparison.Ordinal);
}
