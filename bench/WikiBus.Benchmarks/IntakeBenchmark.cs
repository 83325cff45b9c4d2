using System.Globalization;

namespace WikiBus.Benchmarks;

/// <summary>
/// Validated and durable events per second, and processor time per event, beside the reference server or another build
/// of WikiBus. The client runs on the same machine, the runs are interleaved, the figures are medians. So are the
/// ratios: those of the pairs of runs, which stand beside each other in time, while the machine's speed changes from
/// minute to minute.
/// </summary>
internal static class IntakeBenchmark
{
    private const int RunCount = 5;
    private const int Seconds = 4;
    private const int WarmUpSeconds = 4;
    private const int Connections = 32;

    /// <summary>The most processor time per event that is wanted, in multiples of the reference's.</summary>
    private const double ProcessorTimeGoal = 1.25;

    private static readonly int[] s_eventsPerRequest = [1, 10, 100];

    /// <summary>Before each run: what the server that ran before still writes shall not slow the other one.</summary>
    private static readonly TimeSpan s_settleTime = TimeSpan.FromSeconds(1);

    /// <param name="arguments"><c>[RUNS [BINARY]]</c>: with the path of another build's <c>wikibus</c>, that one is
    /// measured instead of the reference.</param>
    public static async Task<int> RunAsync(string[] arguments)
    {
        var runCount = arguments.Length > 0 ? int.Parse(arguments[0], CultureInfo.InvariantCulture) : RunCount;
        var otherBinary = arguments.Length > 1 ? arguments[1] : null;
        var folder = Path.Combine(Repository.Root, "artifacts", "bench", "intake");
        if (Directory.Exists(folder))
        {
            Directory.Delete(folder, recursive: true);
        }

        FlushProbe.Print(folder);
        var table = new Table(
            "one request", "events/s", "beside", "ratio of the pairs", "µs of processor time an event", "beside",
            "ratio of the pairs", "p99 ms", "refused");
        foreach (var events in s_eventsPerRequest)
        {
            await MeasureAsync(events, otherBinary, runCount, folder, table);
        }

        table.Print(
            $"intake beside {otherBinary ?? "the reference"}, 1 KB events, {Connections} connections, "
            + $"median of {runCount} interleaved runs of {Seconds} s (range)");
        return 0;
    }

    private static async Task MeasureAsync(int events, string? otherBinary, int runCount, string folder, Table table)
    {
        // Each begins with a folder of its own. A reference that cut off the file of the case before would write into
        // memory that the page cache has just given back, as no log does that goes on growing.
        var name = Guid.NewGuid().ToString();
        await using var ours = await ServerProcess.StartWikiBusAsync(Path.Combine(folder, "data" + name));
        await using var other = otherBinary is not null
            ? await ServerProcess.StartServeAsync(otherBinary, Path.Combine(folder, "other" + name))
            : await ServerProcess.StartSelfAsync("serve-reference", Path.Combine(folder, "reference" + name));
        var (oursRuns, otherRuns) = (new List<LoadResult>(), new List<LoadResult>());
        for (var run = -1; run < runCount; run++)
        {
            var seconds = run < 0 ? WarmUpSeconds : Seconds;
            var runName = (run + 1).ToString("x8", CultureInfo.InvariantCulture);
            await Task.Delay(s_settleTime);
            var a = await LoadClient.RunAsync(ours, Connections, events, seconds, runName);
            await Task.Delay(s_settleTime);
            var b = await LoadClient.RunAsync(other, Connections, events, seconds, runName);
            if (run >= 0)
            {
                oursRuns.Add(a);
                otherRuns.Add(b);
            }
        }

        var processorRatios = Ratios(static result => result.ProcessorMicroseconds);
        table.Add(
            $"{events} event{(events > 1 ? "s" : "")}",
            Text(oursRuns.Select(result => result.RequestsPerSecond * events), "0"),
            Text(otherRuns.Select(result => result.RequestsPerSecond * events), "0"),
            Text(Ratios(static result => result.RequestsPerSecond), "0.00"),
            Text(oursRuns.Select(result => result.ProcessorMicroseconds / events), "0.0"),
            Text(otherRuns.Select(result => result.ProcessorMicroseconds / events), "0.0"),
            otherBinary is not null ? Text(processorRatios, "0.00")
                : Table.Verdict(Table.Median(processorRatios), ProcessorTimeGoal, atMost: true),
            Text(oursRuns.Select(result => result.P99Ms), "0.0"),
            oursRuns.Sum(result => result.Refused));

        List<double> Ratios(Func<LoadResult, double> figure) =>
            [.. oursRuns.Zip(otherRuns, (a, b) => figure(a) / figure(b))];
    }

    private static string Text(IEnumerable<double> figures, string format)
    {
        var all = figures.ToList();
        string Of(double figure) => figure.ToString(format, CultureInfo.InvariantCulture);
        return $"{Of(Table.Median(all))} ({Of(all.Min())}–{Of(all.Max())})";
    }
}
