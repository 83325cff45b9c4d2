using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;
using WikiBus.FunctionalTests.Infrastructure;

namespace WikiBus.FunctionalTests.Documents;

/// <summary>Lines of the README for a shell, copied out of it and run beside the real server.</summary>
internal static class ReadmeLines
{
    /// <summary>The block of lines that begins with a text, for the server and a port that are there.</summary>
    public static async Task<string> ReadAsync(ServerProcess server, string beginning, string portOfPage, int port)
    {
        var page = await File.ReadAllTextAsync(Path.Combine(WikiBusBinary.Root, "README.md"), TestTime.Token());
        return Regex.Match(
                page, $"^```\n(?<lines>{Regex.Escape(beginning)}[^`]*)^```",
                RegexOptions.Multiline | RegexOptions.ExplicitCapture, TestTime.Limit).Groups["lines"].Value
            .Replace("localhost:8192", server.Address.Authority, StringComparison.Ordinal)
            .Replace(portOfPage, port.ToString(CultureInfo.InvariantCulture), StringComparison.Ordinal);
    }

    /// <summary>Runs the lines in a folder with the server's data and the samples, like the repository.</summary>
    public static Process Start(TestDirectory folder, string lines)
    {
        Directory.CreateSymbolicLink(folder.Combine("samples"), Path.Combine(WikiBusBinary.Root, "samples"));
        return Process.Start(new ProcessStartInfo("bash", ["-c", lines])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = folder.FullPath,
        })!;
    }

    /// <summary>Reads what the lines print, up to a line with a text.</summary>
    public static async Task<string> ReadUntilAsync(Process shell, string text)
    {
        var limit = TestTime.Token();
        while (await shell.StandardOutput.ReadLineAsync(limit) is { } line)
        {
            if (line.Contains(text, StringComparison.Ordinal))
            {
                return line;
            }
        }

        throw new InvalidOperationException($"The shell ended without {text}.");
    }
}
