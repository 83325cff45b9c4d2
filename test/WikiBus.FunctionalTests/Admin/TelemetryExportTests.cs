using System.Text;
using WikiBus.FunctionalTests.Infrastructure;

namespace WikiBus.FunctionalTests.Admin;

public sealed class TelemetryExportTests
{
    [Fact]
    public async Task ReceiverNamed_GetsMetricsTracesAndLogging()
    {
        await using var receiver = await ScriptedServer.StartAsync(static (_, _) => Task.CompletedTask);
        using var directory = new TestDirectory();
        await using var server = await StartAsync(directory, receiver, []);
        using var client = new HttpClient();
        using var response = await client.GetAsync(new Uri(server.Address, "/readyz"), TestTime.Token());

        foreach (var (path, sign) in Signs())
        {
            var (_, body) = await receiver.WaitForAsync(request => request.Path == path && Holds(request.Body, sign));
            Holds(body, "wikibus").ShouldBeTrue(path);
        }
    }

    [Fact]
    public async Task SignalSwitchedOff_IsNotSent()
    {
        await using var receiver = await ScriptedServer.StartAsync(static (_, _) => Task.CompletedTask);
        using var directory = new TestDirectory();
        await using var server = await StartAsync(
            directory, receiver, new() { ["OTEL_LOGS_EXPORTER"] = "none", ["OTEL_TRACES_EXPORTER"] = "none" });

        await receiver.WaitForAsync(static request => request.Path == "/v1/metrics");
        (await server.TerminateAsync()).ShouldBe(0);

        receiver.Requests.Select(static request => request.Path).ShouldAllBe(static path => path == "/v1/metrics");
    }

    /// <summary>The address of each signal, and a text that it must hold.</summary>
    private static IEnumerable<(string Path, string Sign)> Signs() =>
    [
        ("/v1/metrics", "wikibus.log.writable"), ("/v1/traces", "HttpRequestIn"),
        ("/v1/logs", "holds positions"),
    ];

    private static bool Holds(byte[] body, string text) => body.AsSpan().IndexOf(Encoding.UTF8.GetBytes(text)) >= 0;

    private static Task<ServerProcess> StartAsync(
        TestDirectory directory, ScriptedServer receiver, Dictionary<string, string> more) =>
        ServerProcess.StartAsync(
            ["--data", directory.Combine("data"), "--listen", "http://127.0.0.1:0"],
            new Dictionary<string, string>(more)
            {
                ["OTEL_EXPORTER_OTLP_ENDPOINT"] = receiver.Address.ToString(),
                ["OTEL_EXPORTER_OTLP_PROTOCOL"] = "http/protobuf",
                ["OTEL_METRIC_EXPORT_INTERVAL"] = "200",
                ["OTEL_BSP_SCHEDULE_DELAY"] = "200",
                ["OTEL_BLRP_SCHEDULE_DELAY"] = "200",
            });
}
