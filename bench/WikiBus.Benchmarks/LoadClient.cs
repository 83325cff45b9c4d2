using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;

namespace WikiBus.Benchmarks;

/// <summary>Runs wrk with a script that posts events, every one with an id of its own.</summary>
internal static partial class LoadClient
{
    public static async Task<LoadResult> RunAsync(
        ServerProcess server, int connections, int eventsPerRequest, int seconds, string run)
    {
        string[] arguments =
        [
            "-t1", $"-c{connections}", $"-d{seconds}s", "--latency",
            "-s", Path.Combine(Repository.Root, "bench", "post-events.lua"),
            new Uri(server.Address, "/v1/events").ToString(),
            "--", eventsPerRequest.ToString(CultureInfo.InvariantCulture), run,
        ];
        var processorTime = server.ProcessorTime;
        using var wrk = Process.Start(new ProcessStartInfo("wrk", arguments) { RedirectStandardOutput = true })!;
        var output = await wrk.StandardOutput.ReadToEndAsync();
        await wrk.WaitForExitAsync();
        processorTime = server.ProcessorTime - processorTime;
        var refused = Refused().Match(output);
        return new LoadResult(
            Number(RequestRate().Match(output).Groups[1].Value),
            processorTime.TotalMicroseconds / Number(RequestCount().Match(output).Groups[1].Value),
            Milliseconds(Percentile99().Match(output)),
            refused.Success ? long.Parse(refused.Groups[1].Value, CultureInfo.InvariantCulture) : 0);
    }

    private static double Number(string text) => double.Parse(text, CultureInfo.InvariantCulture);

    private static double Milliseconds(Match match) => Number(match.Groups[1].Value) * match.Groups[2].Value switch
    {
        "us" => 0.001,
        "ms" => 1,
        "s" => 1000,
        var unit => throw new FormatException($"wrk printed a latency in {unit}."),
    };

    [GeneratedRegex(@"Requests/sec:\s+([\d.]+)")]
    private static partial Regex RequestRate();

    [GeneratedRegex(@"(\d+) requests in ")]
    private static partial Regex RequestCount();

    [GeneratedRegex(@"99%\s+([\d.]+)(us|ms|s)")]
    private static partial Regex Percentile99();

    [GeneratedRegex(@"Non-2xx or 3xx responses: (\d+)")]
    private static partial Regex Refused();
}
