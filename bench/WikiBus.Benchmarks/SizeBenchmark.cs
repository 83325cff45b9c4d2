using System.Diagnostics;
using System.Globalization;

namespace WikiBus.Benchmarks;

/// <summary>Start to the ready line and idle memory, with an empty log and with one of 2 GB.</summary>
internal static class SizeBenchmark
{
    private const int Runs = 5;
    private const long LogBytes = 2L << 30;
    private const int FillSeconds = 5;
    private static readonly TimeSpan s_idle = TimeSpan.FromSeconds(5);

    public static async Task<int> RunAsync()
    {
        var data = Path.Combine(Repository.Root, "artifacts", "bench", "size");
        if (Directory.Exists(data))
        {
            Directory.Delete(data, recursive: true);
        }

        var table = new Table("log", "start to ready line, s", "idle memory, MB");
        await MeasureAsync("empty", data, goal: 0.5, table);
        await FillAsync(data);
        await MeasureAsync("2 GB", data, goal: 0.8, table);
        table.Print($"start and memory, median of {Runs} starts");
        Directory.Delete(data, recursive: true);
        return 0;
    }

    private static async Task MeasureAsync(string name, string data, double goal, Table table)
    {
        var starts = new List<double>();
        var memory = new List<double>();
        for (var run = 0; run <= Runs; run++)
        {
            var started = Stopwatch.GetTimestamp();
            await using var server = await ServerProcess.StartWikiBusAsync(data);
            var ready = Stopwatch.GetElapsedTime(started).TotalSeconds;
            if (run == 0)
            {
                continue;
            }

            starts.Add(ready);
            await Task.Delay(s_idle);
            memory.Add(ResidentMegabytes(server.Process.Id));
        }

        table.Add(name,
            Table.Verdict(Table.Median(starts), goal, atMost: true),
            Table.Verdict(Table.Median(memory), 90, atMost: true));
    }

    private static async Task FillAsync(string data)
    {
        await using var server = await ServerProcess.StartWikiBusAsync(data);
        var run = 0;
        while (BytesIn(data) < LogBytes)
        {
            await LoadClient.RunAsync(
                server, connections: 16, eventsPerRequest: 100, FillSeconds,
                (++run).ToString("x8", CultureInfo.InvariantCulture));
        }
    }

    private static long BytesIn(string folder) =>
        Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories).Sum(file => new FileInfo(file).Length);

    private static double ResidentMegabytes(int process)
    {
        var line = File.ReadLines($"/proc/{process}/status")
            .First(line => line.StartsWith("VmRSS:", StringComparison.Ordinal));
        var kilobytes = line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1];
        return long.Parse(kilobytes, CultureInfo.InvariantCulture) / 1024.0;
    }
}
