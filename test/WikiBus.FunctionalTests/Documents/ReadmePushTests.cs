using System.Globalization;
using System.Text;
using WikiBus.FunctionalTests.Infrastructure;
using WikiBus.FunctionalTests.Webhooks;

namespace WikiBus.FunctionalTests.Documents;

/// <summary>The lines of the README's part Push, copied out of it and run beside the real server.</summary>
public sealed class ReadmePushTests
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
        using var shell = ReadmeLines.Start(folder, lines + "read; kill %1\n");
        try
        {
            await ReadmeLines.ReadUntilAsync(shell, "\"pushed\"");
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

        using var shell = ReadmeLines.Start(folder, lines);
        var secret = (await shell.StandardOutput.ReadLineAsync(TestTime.Token()))!;
        var received = (await receiver.WaitAsync(1))[0];

        DeliveryTests.Verify(received, secret);
        Encoding.UTF8.GetString(received.Body).ShouldContain("\"pushed\"");
        await shell.StandardOutput.ReadToEndAsync(TestTime.Token());
        await shell.WaitForExitAsync(TestTime.Token());
    }

    private static Task<string> ReadLinesAsync(ServerProcess server, int port) =>
        ReadmeLines.ReadAsync(server, "secret=", "9000", port);

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}
