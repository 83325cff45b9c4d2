using System.Diagnostics;
using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using WikiBus.FunctionalTests.Infrastructure;
using WikiBus.FunctionalTests.Webhooks;

namespace WikiBus.FunctionalTests.Documents;

/// <summary>The lines of the README's part Push, copied out of it and run beside the real server.</summary>
public sealed partial class ReadmePushTests
{
    private const string Receiver = "python3 samples/WebhookReceiver/receiver.py $secret 9000 &\n";

    [Fact]
    public async Task Lines_LetTheReceiverPrintTheEvent()
    {
        Assert.SkipUnless(Programs.Has("python3"), "python3 is not installed.");
        using var port = new ReservedPort();
        using var folder = new TestDirectory();
        await using var server = await ServerProcess.StartAsync(folder.Combine("data"));
        var lines = await ReadLinesAsync(server, port.Number);
        lines.ShouldContain(Receiver.Replace("9000", Text(port.Number), StringComparison.Ordinal));

        // The receiver ends with the shell, and the shell when its input ends.
        using var shell = Start(folder, lines + "read; kill %1\n");
        try
        {
            await ReadUntilAsync(shell, "\"pushed\"");
        }
        finally
        {
            shell.StandardInput.Close();
            await shell.WaitForExitAsync(TestTime.Token());
        }
    }

    [Fact]
    public async Task Lines_SendAWebhookThatTheLibraryVerifies()
    {
        await using var receiver = await WebhookReceiver.StartAsync();
        using var folder = new TestDirectory();
        await using var server = await ServerProcess.StartAsync(folder.Combine("data"));
        var port = new Uri(receiver.Url).Port;
        var lines = (await ReadLinesAsync(server, port)).Replace(
            Receiver.Replace("9000", Text(port), StringComparison.Ordinal), "echo $secret\n", StringComparison.Ordinal);

        using var shell = Start(folder, lines);
        var secret = (await shell.StandardOutput.ReadLineAsync(TestTime.Token()))!;
        var received = (await receiver.WaitAsync(1))[0];

        DeliveryTests.Verify(received, secret);
        Encoding.UTF8.GetString(received.Body).ShouldContain("\"pushed\"");
        await shell.StandardOutput.ReadToEndAsync(TestTime.Token());
        await shell.WaitForExitAsync(TestTime.Token());
    }

    private static async Task<string> ReadLinesAsync(ServerProcess server, int port)
    {
        var page = await File.ReadAllTextAsync(Path.Combine(WikiBusBinary.Root, "README.md"), TestTime.Token());
        return Lines().Match(page).Groups["lines"].Value
            .Replace("localhost:8192", server.Address.Authority, StringComparison.Ordinal)
            .Replace("9000", Text(port), StringComparison.Ordinal);
    }

    /// <summary>Runs the lines in a folder with the server's data and the samples, like the repository.</summary>
    private static Process Start(TestDirectory folder, string lines)
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

    private static async Task ReadUntilAsync(Process shell, string text)
    {
        var limit = TestTime.Token();
        while (await shell.StandardOutput.ReadLineAsync(limit) is { } line)
        {
            if (line.Contains(text, StringComparison.Ordinal))
            {
                return;
            }
        }

        Assert.Fail($"The shell ended without {text}.");
    }

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);

    [GeneratedRegex("^```\n(?<lines>secret=[^`]*)^```", RegexOptions.Multiline | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Lines();
}
