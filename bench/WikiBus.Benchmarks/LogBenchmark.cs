using System.Diagnostics;
using System.Globalization;
using System.Text;
using WikiBus.Storage;
using EventLog = WikiBus.Storage.EventLog;

namespace WikiBus.Benchmarks;

/// <summary>
/// The log beside the least that durability can cost: the same bytes, written and flushed one frame after the other
/// into a file that was prepared as a whole. Records of 1 KB in frames of 100; every record has an id, so repeats are
/// looked for.
/// </summary>
internal static class LogBenchmark
{
    private const int RunCount = 5;
    private const int FrameCount = 300;
    private const int RecordsPerFrame = 100;
    private const int RecordBytes = 1024;

    /// <summary>
    /// What a record takes beside its payload in this benchmark, and its place in the frame's header.
    /// </summary>
    private const int OverheadBytes = 72 + 6 + 36 + 4;
    private const int RequestsInFlight = 3;

    public static async Task<int> RunAsync()
    {
        var folder = Path.Combine(Path.GetTempPath(), "wikibus-bench-log-" + Environment.ProcessId);
        try
        {
            FlushProbe.Print(folder);
            var plain = new List<double>();
            var log = new List<double>();
            await using var events = EventLog.Open(
                Path.Combine(folder, "log"),
                new EventLogOptions { FrameBytesMax = RecordsPerFrame * RecordBytes, RetentionBytesMax = 1L << 30 },
                new PhysicalFileSystem(),
                TimeProvider.System);
            await RunLogAsync(events, run: -1);
            for (var run = 0; run < RunCount; run++)
            {
                plain.Add(RunPlain(Path.Combine(folder, "plain")));
                log.Add(await RunLogAsync(events, run));
            }

            Print(plain, log);
            return 0;
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static void Print(List<double> plain, List<double> log)
    {
        var table = new Table("records of 1 KB in frames of 100", "median records/s", "runs");
        Add(table, "write + fdatasync, prepared file", plain);
        Add(table, "event log", log);
        table.Print($"log: median of {RunCount} interleaved runs of {FrameCount} frames");
        Console.WriteLine("ratio: " + Table.Verdict(Table.Median(log) / Table.Median(plain), 0.8));
    }

    private static void Add(Table table, string what, List<double> rates) => table.Add(
        what,
        Table.Median(rates).ToString("N0", CultureInfo.InvariantCulture),
        string.Join(" ", rates.Select(rate => rate.ToString("N0", CultureInfo.InvariantCulture))));

    private static double RunPlain(string path)
    {
        var frame = new byte[RecordsPerFrame * RecordBytes];
        Array.Fill(frame, (byte)'x');
        using var file = File.OpenHandle(path, FileMode.Create, FileAccess.ReadWrite);
        for (var index = 0; index < FrameCount; index++)
        {
            RandomAccess.Write(file, new byte[frame.Length], (long)index * frame.Length);
        }

        DataSync.Flush(file);
        var started = Stopwatch.GetTimestamp();
        for (var index = 0; index < FrameCount; index++)
        {
            RandomAccess.Write(file, frame, (long)index * frame.Length);
            DataSync.Flush(file);
        }

        return FrameCount * RecordsPerFrame / Stopwatch.GetElapsedTime(started).TotalSeconds;
    }

    private static async Task<double> RunLogAsync(EventLog log, int run)
    {
        var frames = Enumerable.Range(0, FrameCount).Select(frame => Drafts(run, frame)).ToArray();
        var inFlight = new Queue<AppendRequest>();
        var started = Stopwatch.GetTimestamp();
        foreach (var drafts in frames)
        {
            inFlight.Enqueue(log.Append(drafts));
            if (inFlight.Count == RequestsInFlight)
            {
                await RequireStoredAsync(inFlight.Dequeue());
            }
        }

        while (inFlight.TryDequeue(out var request))
        {
            await RequireStoredAsync(request);
        }

        return FrameCount * RecordsPerFrame / Stopwatch.GetElapsedTime(started).TotalSeconds;
    }

    private static async Task RequireStoredAsync(AppendRequest request)
    {
        var result = await request.Completion;
        if (result.Status != AppendStatus.Stored)
        {
            throw new InvalidOperationException($"An append was answered with {result.Status}: {result.Reason}");
        }
    }

    private static RecordDraft[] Drafts(int run, int frame)
    {
        var payload = new byte[RecordBytes - OverheadBytes];
        Array.Fill(payload, (byte)'x');
        return [.. Enumerable.Range(0, RecordsPerFrame).Select(record => new RecordDraft
        {
            Stream = "stream",
            Payload = payload,
            Id = Encoding.ASCII.GetBytes(FormattableString.Invariant(
                $"{run:00000000}-{frame:0000000000}-{record:0000000000000000}")),
            Identity = new RecordIdentity(IdentityRule.IdAndContent, (UInt128)record, 0),
        })];
    }
}
