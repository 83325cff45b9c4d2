using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text.RegularExpressions;
using WikiBus.FunctionalTests.Infrastructure;
using WikiBus.FunctionalTests.Streaming;
using WikiBus.FunctionalTests.Webhooks;

namespace WikiBus.FunctionalTests.Documents;

/// <summary>The receiver of docs/protocol.md, run as it stands there.</summary>
public sealed partial class ReceiverExampleTests
{
    [Fact]
    public async Task PythonReceiver_VerifiesAndPrintsAnEvent()
    {
        var page = await File.ReadAllTextAsync(
            Path.Combine(WikiBusBinary.Root, "docs", "protocol.md"), TestTime.Token());
        var port = FreePort();
        await using var server = await RunningServer.StartAsync();
        var code = Python().Match(page).Groups["code"].Value.Replace(
            "9000", port.ToString(CultureInfo.InvariantCulture), StringComparison.Ordinal);
        using var receiver = Process.Start(
            new ProcessStartInfo("python3", ["-c", code, SubscriptionApi.Secret]) { RedirectStandardOutput = true })!;
        try
        {
            await SubscriptionApi.CreateAsync(
                server, $"http://127.0.0.1:{port}/", $$"""{"secret":"{{SubscriptionApi.Secret}}"}""");
            await TestEvents.AppendAsync(server, "a.event", 7);

            (await receiver.StandardOutput.ReadLineAsync(TestTime.Token()))
                .ShouldBe(TestEvents.Json("a.event", 7));
        }
        finally
        {
            receiver.Kill();
        }
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    [GeneratedRegex(@"^```python\n(?<code>[^`]*)^```", RegexOptions.Multiline | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Python();
}
