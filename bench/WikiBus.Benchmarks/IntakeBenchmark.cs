using System.Globalization;

namespace WikiBus.Benchmarks;

/// <summary>
/// Validated and durable events per second, beside a bare Kestrel endpoint and beside the reference server;
/// the client runs on the same machine, the runs are interleaved, the figures are medians. So is the ratio: that of the
/// pairs of runs, which stand beside each other in time, while the machine's speed changes from minute to minute.
/// </summary>
internal static class IntakeBenchmark
{
    private const int Runs = 5;
    private const int Seconds = 4;
    private const int WarmUpSeconds = 4;

    /// <summary>Before each run: what the server that ran before still writes shall not slow the other one.</summary>
    private static readonly TimeSpan s_settleTime = TimeSpan.FromSeconds(1);

    /// <summary>One line of the table: what is measured, beside which server, and the ratio that is wanted.</summary>
    private sealed record Case(int Connections, int Events, string Beside, double Goal);

    private static readonly Case[] s_cases =
    [
        new(32, 1, "bare", 0.5),
        new(256, 1, "bare", 0.6),
        new(32, 1, "reference", 1.2),
        new(32, 10, "reference", 1.0),
        new(32, 100, "reference", 0.8),
    ];

    public static async Task<int> RunAsync(string[] arguments)
    {
        var runs = arguments.Length > 0 ? int.Parse(arguments[0], CultureInfo.InvariantCulture) : Runs;
        var folder = Path.Combine(Repository.Root, "artifacts", "bench", "intake");
        if (Directory.Exists(folder))
        {
            Directory.Delete(folder, recursive: true);
        }

        FlushProbe.Print(folder);
        var table = new Table(
            "one request", "beside", "WikiBus events/s", "beside events/s", "ratio, median of the pairs",
            "ratio of each pair", "p99 ms", "refused");
        foreach (var group in s_cases)
        {
            await MeasureAsync(group, runs, folder, table);
        }

        table.Print($"intake, 1 KB events, median of {runs} interleaved runs of {Seconds} s");
        return 0;
    }

    private static async Task MeasureAsync(Case @case, int runs, string folder, Table table)
    {
        // Each begins with a folder of its own. A reference that cut off the file of the case before would write into
        // memory that the page cache has just given back, as no log does that goes on growing.
        var name = Guid.NewGuid().ToString();
        await using var ours = await ServerProcess.StartWikiBusAsync(Path.Combine(folder, "data" + name));
        await using var other = @case.Beside == "bare"
            ? await ServerProcess.StartSelfAsync("serve-bare")
            : await ServerProcess.StartSelfAsync("serve-reference", Path.Combine(folder, "reference" + name));
        var oursResults = new List<LoadResult>();
        var otherResults = new List<LoadResult>();
        for (var run = -1; run < runs; run++)
        {
            var seconds = run < 0 ? WarmUpSeconds : Seconds;
            var runName = (run + 1).ToString("x8", CultureInfo.InvariantCulture);
            await Task.Delay(s_settleTime);
            var a = await LoadClient.RunAsync(ours.Address, @case.Connections, @case.Events, seconds, runName);
            await Task.Delay(s_settleTime);
            var b = await LoadClient.RunAsync(other.Address, @case.Connections, @case.Events, seconds, runName);
            if (run >= 0)
            {
                oursResults.Add(a);
                otherResults.Add(b);
            }
        }

        var oursRate = Table.Median(oursResults.Select(result => result.RequestsPerSecond)) * @case.Events;
        var otherRate = Table.Median(otherResults.Select(result => result.RequestsPerSecond)) * @case.Events;
        var ratios = oursResults.Zip(otherResults, (a, b) => a.RequestsPerSecond / b.RequestsPerSecond).ToList();
        table.Add(
            $"{@case.Events} event{(@case.Events > 1 ? "s" : "")}, {@case.Connections} connections", @case.Beside,
            oursRate.ToString("0", CultureInfo.InvariantCulture), otherRate.ToString("0", CultureInfo.InvariantCulture),
            Table.Verdict(Table.Median(ratios), @case.Goal),
            string.Join(' ', ratios.Select(ratio => ratio.ToString("0.00", CultureInfo.InvariantCulture))),
            Table.Median(oursResults.Select(result => result.P99Ms)).ToString("0.0", CultureInfo.InvariantCulture),
            oursResults.Sum(result => result.Refused));
    }
}
