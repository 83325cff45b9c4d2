using System.ComponentModel;
using System.Diagnostics;
using System.Runtime.CompilerServices;

namespace WikiBus.Producer.Tests.Packages;

/// <summary>The command <c>dotnet</c>, as somebody uses it who has nothing but the packages.</summary>
internal static class DotNet
{
    // It ends a hang, and does not measure: the whole test takes about half a minute.
    private static readonly TimeSpan s_limit = TimeSpan.FromMinutes(3);

    /// <summary>The repository.</summary>
    public static string Root { get; } = FindRoot();

    /// <summary>Runs it to its end, and fails with its output if it fails.</summary>
    /// <param name="workingDirectory">The directory in which it runs.</param>
    /// <param name="arguments">The arguments.</param>
    public static async Task RunAsync(string workingDirectory, params string[] arguments)
    {
        var start = new ProcessStartInfo("dotnet", arguments)
        {
            WorkingDirectory = workingDirectory,
            RedirectStandardOutput = true,
        };
        start.Environment["DOTNET_NOLOGO"] = "1";

        // A build server would outlive the command, and hold its output open.
        start.Environment["MSBUILDDISABLENODEREUSE"] = "1";
        start.Environment["UseSharedCompilation"] = "false";
        using var process = Start(start);
        using var limit = new CancellationTokenSource(s_limit);
        try
        {
            var output = await process.StandardOutput.ReadToEndAsync(limit.Token);
            await process.WaitForExitAsync(limit.Token);
            process.ExitCode.ShouldBe(0, output);
        }
        finally
        {
            if (!process.HasExited)
            {
                process.Kill(entireProcessTree: true);
            }
        }
    }

    private static Process Start(ProcessStartInfo start)
    {
        try
        {
            return Process.Start(start)!;
        }
        catch (Win32Exception exception)
        {
            Assert.Skip($"dotnet cannot be started: {exception.Message}");
            throw;
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
