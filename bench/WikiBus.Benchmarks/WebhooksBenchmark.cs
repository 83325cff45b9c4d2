using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;

namespace WikiBus.Benchmarks;

/// <summary>
/// Signed deliveries of 1 KB to a local recipient, beside a plain loop of HttpClient with the same bodies; and the time
/// from the append to the arrival, at 100 events per second.
/// </summary>
internal static class WebhooksBenchmark
{
    private const int Pairs = 7;

    // A bus has run for longer than the compiler needs to optimise it.
    private const int WarmUpPairs = 8;

    private const int Count = 20_000;
    private const int Keys = 1_000;
    private const int Concurrency = 32;
    private const int BodyBytes = 1_024;
    private const int EventsPerPost = 1_000;
    private const int PacedCount = 1_000;
    private static readonly TimeSpan s_pace = TimeSpan.FromMilliseconds(10);
    private static readonly TimeSpan s_limit = TimeSpan.FromMinutes(2);

    private static long s_lastId;

    public static async Task<int> RunAsync()
    {
        var data = Directory.CreateTempSubdirectory("wikibus-bench-webhooks-").FullName;
        try
        {
            await using var receiver = await ServerProcess.StartSelfAsync("serve-bare-receiver");
            await using var bus = await ServerProcess.StartWikiBusAsync(data);
            using var client = ClientOf(bus, data);
            await CreateAsync(client, "bench", new Uri(receiver.Address, "/hook"));
            var (plain, delivered) = (new List<Run>(), new List<Run>());
            for (var pair = -WarmUpPairs; pair < Pairs; pair++)
            {
                var (loop, webhooks) = (await PostPlainAsync(receiver.Address), await DeliverAsync(bus, client));
                if (pair >= 0)
                {
                    plain.Add(loop);
                    delivered.Add(webhooks);
                }
            }

            Print(plain, delivered);
            await PostAsync(client, "/v1/subscriptions/bench/pause", "");
            await PrintLatencyAsync(client);
        }
        finally
        {
            Directory.Delete(data, recursive: true);
        }

        return 0;
    }

    private static HttpClient ClientOf(ServerProcess bus, string data)
    {
        var client = new HttpClient { BaseAddress = bus.Address, Timeout = s_limit };
        var key = File.ReadAllText(Path.Combine(data, "admin.key")).Trim();
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", key);
        return client;
    }

    private static Task CreateAsync(HttpClient client, string id, Uri target) => PostAsync(
        client, "/v1/subscriptions",
        $$"""{"id":"{{id}}","url":"{{target}}","streams":["test.event"],"concurrency":{{Concurrency}}}""");

    /// <summary>Processor time is that of this process.</summary>
    private static async Task<Run> PostPlainAsync(Uri target)
    {
        using var client = new HttpClient { BaseAddress = target };
        var body = Encoding.UTF8.GetBytes(new string('x', BodyBytes));
        var left = Count;
        var before = Environment.CpuUsage.TotalTime;
        var started = Stopwatch.GetTimestamp();
        await Task.WhenAll(Enumerable.Range(0, Concurrency).Select(async _ =>
        {
            while (Interlocked.Decrement(ref left) >= 0)
            {
                using var content = new ByteArrayContent(body);
                using var answer = await client.PostAsync("/hook", content);
                answer.EnsureSuccessStatusCode();
            }
        }));
        return new Run(Stopwatch.GetElapsedTime(started), Environment.CpuUsage.TotalTime - before);
    }

    /// <summary>Processor time is that of the bus, which has the events in its log before.</summary>
    private static async Task<Run> DeliverAsync(ServerProcess bus, HttpClient client)
    {
        await PostAsync(client, "/v1/subscriptions/bench/pause", "");
        for (var sent = 0; sent < Count; sent += EventsPerPost)
        {
            await PostAsync(client, "/v1/events", Events(EventsPerPost));
        }

        var before = bus.ProcessorTime;
        var started = Stopwatch.GetTimestamp();
        await PostAsync(client, "/v1/subscriptions/bench/resume", "");
        while (true)
        {
            using var answer = JsonDocument.Parse(await client.GetStringAsync("/v1/subscriptions/bench"));
            if (answer.RootElement.GetProperty("lag").GetInt64() == 0)
            {
                return new Run(Stopwatch.GetElapsedTime(started), bus.ProcessorTime - before);
            }

            await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System);
        }
    }

    private static string Events(int count)
    {
        var text = new StringBuilder("[");
        for (var index = 0; index < count; index++)
        {
            text.Append(index == 0 ? "" : ",").Append(Event(Interlocked.Increment(ref s_lastId)));
        }

        return text.Append(']').ToString();
    }

    private static string Event(long id)
    {
        var text = string.Create(
            CultureInfo.InvariantCulture,
            $$"""
            {"$schema":"/test/event/1.0.0","meta":{"stream":"test.event","id":"{{id}}","domain":"a.example.org",
            """)
            + string.Create(
                CultureInfo.InvariantCulture,
                $$"""
                "dt":"2026-01-01T00:00:00Z"},"database":"w","page_id":{{id % Keys}},"test":"PAD"}
                """);
        return text.Replace("PAD", new string('x', Math.Max(1, BodyBytes - text.Length + 3)), StringComparison.Ordinal);
    }

    private static async Task PrintLatencyAsync(HttpClient client)
    {
        var (sent, delays) = (new ConcurrentDictionary<long, long>(), new ConcurrentQueue<double>());
        await using var receiver = BareReceiver.Build((id, at) =>
        {
            if (sent.TryGetValue(id, out var begun))
            {
                delays.Enqueue(Stopwatch.GetElapsedTime(begun, at).TotalMilliseconds);
            }
        });
        await receiver.StartAsync();
        await CreateAsync(client, "paced", new Uri(new Uri(receiver.Urls.First()), "/hook"));
        using var timer = new PeriodicTimer(s_pace);
        for (var count = 0; count < PacedCount && await timer.WaitForNextTickAsync(); count++)
        {
            var id = Interlocked.Increment(ref s_lastId);
            var body = Event(id);
            sent[id] = Stopwatch.GetTimestamp();
            await PostAsync(client, "/v1/events", body);
        }

        var started = Stopwatch.GetTimestamp();
        while (delays.Count < PacedCount && Stopwatch.GetElapsedTime(started) < s_limit)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System);
        }

        var sorted = delays.Order().ToList();
        var table = new Table("from the request with an event to its arrival, ms", "p50", "p99", "longest");
        table.Add(
            "100 events per second", $"{sorted[sorted.Count / 2]:0.0}", $"{sorted[sorted.Count * 99 / 100]:0.0}",
            $"{sorted[^1]:0.0}");
        table.Print($"{sorted.Count} of {PacedCount} events arrived");
    }

    private static void Print(List<Run> plain, List<Run> delivered)
    {
        var table = new Table("1 KB, 32 at a time", "median /s", "range", "processor, µs each");
        Add(table, "a loop of HttpClient", plain);
        Add(table, "signed deliveries", delivered);
        table.Print($"{Pairs} interleaved pairs of {Count:N0} requests, {Keys:N0} keys");
        var processor = Table.Median(plain.Zip(delivered, static (a, b) => b.Processor / a.Processor));
        var rate = Table.Median(plain.Zip(delivered, static (a, b) => a.Elapsed / b.Elapsed));
        Console.WriteLine($"processor time of a delivery / of a plain request: {Table.Verdict(processor, 1.5, true)}");
        Console.WriteLine(
            string.Create(CultureInfo.InvariantCulture, $"rate of deliveries / of the loop: {rate:0.00}"));
    }

    private static void Add(Table table, string name, List<Run> runs)
    {
        var rates = runs.Select(static run => Count / run.Elapsed.TotalSeconds).ToList();
        table.Add(
            name,
            Table.Median(rates).ToString("N0", CultureInfo.InvariantCulture),
            string.Create(CultureInfo.InvariantCulture, $"{rates.Min():N0} to {rates.Max():N0}"),
            Table.Median(runs.Select(static run => run.Processor.TotalMicroseconds / Count))
                .ToString("0.0", CultureInfo.InvariantCulture));
    }

    private static async Task PostAsync(HttpClient client, string path, string body)
    {
        using var content = new StringContent(body, Encoding.UTF8, "application/json");
        using var answer = await client.PostAsync(path, content);
        if (!answer.IsSuccessStatusCode)
        {
            throw new InvalidOperationException(
                $"{path} answered {(int)answer.StatusCode}: {await answer.Content.ReadAsStringAsync()}");
        }
    }

    private sealed record Run(TimeSpan Elapsed, TimeSpan Processor);
}
