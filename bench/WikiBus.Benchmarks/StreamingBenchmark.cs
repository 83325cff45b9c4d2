using System.Diagnostics;
using System.Globalization;
using System.Net;

namespace WikiBus.Benchmarks;

/// <summary>Fan-out beside nginx with nchan, and idle connections beside a bare Kestrel endpoint.</summary>
internal static class StreamingBenchmark
{
    private const int SubscriberCount = 1000;
    private const int EventCount = 2000;

    /// <summary>Most events under way: sent to the server, and not yet with every subscriber.</summary>
    private const int UnderWayMax = 64;

    private const int EventsPerSecond = 100;
    private const int IdleCount = 5000;
    private const string Target = "/v2/stream/test.event";

    private static readonly TimeSpan s_stallMax = TimeSpan.FromSeconds(30);

    /// <summary>Arguments: how many runs (3), and how many seconds the latency is measured (10).</summary>
    public static async Task<int> RunAsync(string[] arguments)
    {
        var runs = arguments.Length > 0 ? int.Parse(arguments[0], CultureInfo.InvariantCulture) : 3;
        var seconds = arguments.Length > 1 ? int.Parse(arguments[1], CultureInfo.InvariantCulture) : 10;
        var results = new List<(double Ours, double Theirs, LatencyTable OurLatency, LatencyTable TheirLatency)>();
        for (var run = 0; run < runs; run++)
        {
            var (ours, ourLatency) = await MeasureWikiBusAsync(seconds);
            var (theirs, theirLatency) = await MeasureNchanAsync(seconds);
            results.Add((ours, theirs, ourLatency, theirLatency));
        }

        PrintFanOut(results);
        await PrintMemoryAsync();
        return 0;
    }

    private static async Task<(double Rate, LatencyTable Latency)> MeasureWikiBusAsync(int seconds)
    {
        var data = Directory.CreateTempSubdirectory("wikibus-bench-").FullName;
        await using var server = await ServerProcess.StartWikiBusAsync(data);
        using var publisher = new StreamPublisher(new Uri(server.Address, "/v1/events"), HttpStatusCode.Created, id =>
            $$"""{"$schema":"/test/event/1.0.0","meta":{"stream":"test.event","id":"{{id}}"},"test":"PAD"}""");
        var result = await MeasureAsync(server.Address, Target, publisher, seconds);
        Directory.Delete(data, recursive: true);
        return result;
    }

    private static async Task<(double Rate, LatencyTable Latency)> MeasureNchanAsync(int seconds)
    {
        await using var server = await NchanServer.StartAsync();
        using var publisher = new StreamPublisher(new Uri(server.Address, "/publish"), HttpStatusCode.Created, id =>
            $$"""{"$schema":"/test/event/1.0.0","meta":{"stream":"test.event","id":"{{id}}"},"test":"PAD"}""");
        return await MeasureAsync(server.Address, "/subscribe", publisher, seconds);
    }

    private static async Task<(double Rate, LatencyTable Latency)> MeasureAsync(
        Uri server, string target, StreamPublisher publisher, int seconds)
    {
        double rate;
        using (var swarm = Swarm.Connect(server, target, SubscriberCount, latencies: null))
        {
            rate = await PublishAllAsync(swarm, publisher);
        }

        var latency = new LatencyTable();
        using (Swarm.Connect(server, target, SubscriberCount, latency))
        {
            await PublishPacedAsync(publisher, seconds);
        }

        return (rate, latency);
    }

    /// <summary>
    /// Publishes as fast as it is delivered; the answer is deliveries per second. The rule is the same for both
    /// servers: an event a request, and the next one is sent as soon as fewer than <see cref="UnderWayMax"/> are under
    /// way. With fewer than that a server that answers when an event is durable would be measured by its disk.
    /// </summary>
    private static async Task<double> PublishAllAsync(Swarm swarm, StreamPublisher publisher)
    {
        long next = 0;
        var started = Stopwatch.GetTimestamp();
        await Task.WhenAll(Enumerable.Range(0, UnderWayMax).Select(async _ =>
        {
            while (Interlocked.Increment(ref next) is var number && number <= EventCount)
            {
                while (number - swarm.Fewest > UnderWayMax)
                {
                    await Task.Delay(1);
                }

                await publisher.PublishAsync(number);
            }
        }));
        const long All = (long)SubscriberCount * EventCount;
        var (last, lastAt) = (0L, Stopwatch.GetTimestamp());
        while (swarm.Received is var received && received < All)
        {
            (last, lastAt) = received > last ? (received, Stopwatch.GetTimestamp()) : (last, lastAt);
            if (Stopwatch.GetElapsedTime(lastAt) > s_stallMax)
            {
                throw new InvalidOperationException(
                    $"Lost: {received} of {All} deliveries came, {swarm.Fewest} to {swarm.Most} each.");
            }

            await Task.Delay(1);
        }

        return All / Stopwatch.GetElapsedTime(started).TotalSeconds;
    }

    private static async Task PublishPacedAsync(StreamPublisher publisher, int seconds)
    {
        using var timer = new PeriodicTimer(TimeSpan.FromSeconds(1.0 / EventsPerSecond));
        var publishing = new List<Task>();
        for (var number = 0; number < seconds * EventsPerSecond; number++)
        {
            await timer.WaitForNextTickAsync();
            publishing.Add(publisher.PublishAsync(1_000_000 + number));
        }

        await Task.WhenAll(publishing);
        await Task.Delay(TimeSpan.FromSeconds(1));
    }

    private static void PrintFanOut(
        List<(double Ours, double Theirs, LatencyTable OurLatency, LatencyTable TheirLatency)> results)
    {
        var table = new Table("run", "WikiBus deliveries/s", "nchan deliveries/s", "ratio", "p50 ms", "p99 ms",
            "nchan p50", "nchan p99", "ratio p99");
        foreach (var (index, (ours, theirs, our, their)) in results.Index())
        {
            table.Add(
                index + 1, Math.Round(ours), Math.Round(theirs), Math.Round(ours / theirs, 2),
                Ms(our, 0.5), Ms(our, 0.99), Ms(their, 0.5), Ms(their, 0.99),
                Math.Round(our.Percentile(0.99) / their.Percentile(0.99), 2));
        }

        table.Print(
            $"{SubscriberCount} readers, {EventCount} events of 500 bytes, then {EventsPerSecond} a second");
        var rate = Table.Median(results.Select(static result => result.Ours / result.Theirs));
        var latency = Table.Median(results.Select(
            static result => result.OurLatency.Percentile(0.99) / result.TheirLatency.Percentile(0.99)));
        Console.WriteLine($"deliveries per second, ratio to nchan: {Table.Verdict(rate, 1.2)}");
        Console.WriteLine($"p99, ratio to nchan's: {Table.Verdict(latency, 0.5, atMost: true)}");
    }

    private static double Ms(LatencyTable latencies, double share) => Math.Round(latencies.Percentile(share), 2);

    private static async Task PrintMemoryAsync()
    {
        var data = Directory.CreateTempSubdirectory("wikibus-bench-").FullName;
        double ours;
        await using (var server = await ServerProcess.StartWikiBusAsync(data))
        {
            ours = await BytesPerConnectionAsync(server, Target);
        }

        Directory.Delete(data, recursive: true);
        double bare;
        await using (var server = await ServerProcess.StartSelfAsync("serve-bare-stream"))
        {
            bare = await BytesPerConnectionAsync(server, "/");
        }

        var table = new Table("server", "bytes per idle connection");
        table.Add("WikiBus", Math.Round(ours));
        table.Add("bare Kestrel endpoint", Math.Round(bare));
        table.Print($"Memory, {IdleCount} open connections");
        Console.WriteLine($"KB above the bare endpoint: {Table.Verdict((ours - bare) / 1024, 8, atMost: true)}");
    }

    private static async Task<double> BytesPerConnectionAsync(ServerProcess server, string target)
    {
        // Some connections first, so that what every server needs once is not counted.
        using var first = Swarm.Connect(server.Address, target, 200, latencies: null, isReading: false);
        await Task.Delay(TimeSpan.FromSeconds(2));
        var before = Resident(server);
        using var idle = Swarm.Connect(server.Address, target, IdleCount, latencies: null, isReading: false);
        await Task.Delay(TimeSpan.FromSeconds(15));
        return (double)(Resident(server) - before) / IdleCount;
    }

    private static long Resident(ServerProcess server)
    {
        server.Process.Refresh();
        return server.Process.WorkingSet64;
    }
}
