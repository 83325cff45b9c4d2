using System.Diagnostics;
using System.Globalization;
using System.Net;

namespace WikiBus.Benchmarks;

/// <summary>
/// What readers that replay cost those who post: posts of one event at a steady rate, while readers replay a log of
/// 400 MB as fast as they can, each from the beginning again when it has read it.
/// </summary>
internal static class ReplayBenchmark
{
    private const long LogBytes = 400L << 20;
    private const int FillSeconds = 1;
    private const int PostsPerSecond = 100;
    private const int PostSeconds = 10;

    /// <summary>Wanted: the longest post beside the most readers, in multiples of the longest alone.</summary>
    private const double LongestPostGoal = 10;

    private const double MegabytesPerSecondGoal = 300;

    private static readonly int[] s_readerCounts = [0, 1, 2, 4, 8, 20];
    private static readonly TimeSpan s_settleTime = TimeSpan.FromSeconds(2);

    /// <summary>Arguments: the path of another build's <c>wikibus</c>, which is measured instead.</summary>
    public static async Task<int> RunAsync(string[] arguments)
    {
        var data = Directory.CreateTempSubdirectory("wikibus-bench-").FullName;
        try
        {
            await using var server = arguments.Length > 0
                ? await ServerProcess.StartServeAsync(arguments[0], data)
                : await ServerProcess.StartWikiBusAsync(data);
            await FillAsync(server, data);
            await MeasureAsync(server);
        }
        finally
        {
            Directory.Delete(data, recursive: true);
        }

        return 0;
    }

    private static async Task MeasureAsync(ServerProcess server)
    {
        var table = new Table(
            "readers", "post p50 ms", "p99 ms", "longest ms", "refused", "replay MB/s in all",
            "processor time a MB, ms");
        var longest = new List<double>();
        var rate = 0.0;
        foreach (var count in s_readerCounts)
        {
            var readers = Enumerable.Range(0, count).Select(_ => new ReplayReader(server.Address)).ToList();
            var processorTime = server.ProcessorTime;
            var started = Stopwatch.GetTimestamp();
            var (posts, refused) = await PostAsync(server);
            var seconds = Stopwatch.GetElapsedTime(started).TotalSeconds;
            var megabytes = readers.Sum(static reader => reader.Bytes) / (double)(1 << 20);
            processorTime = server.ProcessorTime - processorTime;
            readers.ForEach(static reader => reader.Dispose());
            longest.Add(posts.Longest);
            rate = megabytes / seconds;
            table.Add(
                count, Text(posts.Percentile(0.5)), Text(posts.Percentile(0.99)), Text(posts.Longest),
                refused, Text(rate), count == 0 ? "" : Text(processorTime.TotalMilliseconds / megabytes));
            await Task.Delay(s_settleTime);
        }

        table.Print($"replay of {LogBytes >> 20} MB, {PostsPerSecond} posts a second for {PostSeconds} s each");
        Console.WriteLine(
            "longest post beside the most readers, ratio to alone: "
            + Table.Verdict(longest[^1] / longest[0], LongestPostGoal, atMost: true));
        Console.WriteLine($"MB/s in all, with the most readers: {Table.Verdict(rate, MegabytesPerSecondGoal)}");
    }

    private static async Task FillAsync(ServerProcess server, string data)
    {
        for (var run = 1; BytesIn(Path.Combine(data, "log")) < LogBytes; run++)
        {
            await LoadClient.RunAsync(
                server, connections: 16, eventsPerRequest: 10, FillSeconds,
                run.ToString("x8", CultureInfo.InvariantCulture));
        }
    }

    private static long BytesIn(string folder) =>
        Directory.EnumerateFiles(folder, "*.segment").Sum(file => new FileInfo(file).Length);

    private static async Task<(LatencyTable Latencies, int Refused)> PostAsync(ServerProcess server)
    {
        using var publisher = new StreamPublisher(new Uri(server.Address, "/v1/events"), HttpStatusCode.Created, id =>
            $$"""{"$schema":"/test/event/1.0.0","meta":{"stream":"test.event","id":"{{id}}"},"test":"PAD"}""");
        var latencies = new LatencyTable();
        using var timer = new PeriodicTimer(TimeSpan.FromSeconds(1.0 / PostsPerSecond));
        var posts = new List<Task<bool>>();
        for (var number = 0; number < PostSeconds * PostsPerSecond; number++)
        {
            await timer.WaitForNextTickAsync();
            posts.Add(IsStoredAsync(publisher, latencies));
        }

        var areStored = await Task.WhenAll(posts);
        return (latencies, areStored.Count(static isStored => !isStored));
    }

    private static async Task<bool> IsStoredAsync(StreamPublisher publisher, LatencyTable latencies)
    {
        var started = Stopwatch.GetTimestamp();
        try
        {
            await publisher.PublishAsync(Random.Shared.NextInt64());
            return true;
        }
        catch (InvalidOperationException)
        {
            // Another answer than 201: the server is overloaded.
            return false;
        }
        finally
        {
            latencies.Add(Stopwatch.GetTimestamp() - started);
        }
    }

    private static string Text(double figure) => figure.ToString("0.0", CultureInfo.InvariantCulture);
}
