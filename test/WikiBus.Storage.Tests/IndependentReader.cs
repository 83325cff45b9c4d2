using System.Diagnostics;

namespace WikiBus.Storage.Tests;

/// <summary>Runs the readers that were written from the format's page alone (test/tools).</summary>
internal static class IndependentReader
{
    private const string Python = "/usr/bin/python3";
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(60);

    /// <summary>The reader's path; the test is skipped when it cannot run here.</summary>
    public static string Require(string name)
    {
        var tool = Find(name);
        Assert.SkipWhen(tool is null, $"test/tools/{name} is not beside the test's build.");
        Assert.SkipUnless(File.Exists(Python), "python3 is not installed.");
        return tool!;
    }

    /// <summary>The lines that it prints about a directory; it must exit with 0.</summary>
    public static async Task<string[]> RunAsync(string tool, string directory)
    {
        using var process = Process.Start(
            new ProcessStartInfo(Python, [tool, directory]) { RedirectStandardOutput = true })!;
        var output = await process.StandardOutput.ReadToEndAsync().WaitAsync(s_patience);
        await process.WaitForExitAsync().WaitAsync(s_patience);
        process.ExitCode.ShouldBe(0, output);
        return output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
    }

    private static string? Find(string name)
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            var path = Path.Combine(folder.FullName, "test", "tools", name);
            if (File.Exists(path))
            {
                return path;
            }
        }

        return null;
    }
}
