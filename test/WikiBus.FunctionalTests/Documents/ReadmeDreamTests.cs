using WikiBus.FunctionalTests.Infrastructure;

namespace WikiBus.FunctionalTests.Documents;

/// <summary>The lines of the README's part Dream.</summary>
public sealed class ReadmeDreamTests
{
    [Fact]
    public async Task Lines_LetTheRecipientPrintThePageEventWithItsCookie()
    {
        Assert.SkipUnless(Programs.Has("python3"), "python3 is not installed.");
        using var port = new ReservedPort();
        using var folder = new TestDirectory();
        await using var server = await ServerProcess.StartAsync(folder.Combine("data"));
        var lines = await ReadmeLines.ReadAsync(server, "python3 samples/DreamRecipient", "9001", port.Number);

        // The recipient ends with the shell, and the shell when its input ends.
        using var shell = ReadmeLines.Start(folder, lines + "read; kill %1\n");
        try
        {
            var printed = await ReadmeLines.ReadUntilAsync(shell, "event://default/deki/pages/create");
            printed.ShouldContain("service-key=\"my-secret\"");
            printed.ShouldContain("<pageid>5</pageid>");
        }
        finally
        {
            shell.StandardInput.Close();
            await shell.WaitForExitAsync(TestTime.Token());
        }
    }
}
