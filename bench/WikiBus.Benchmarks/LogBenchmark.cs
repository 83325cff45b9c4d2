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
    private const int RunCount = 11;
    private const int FrameCount = 500;
    private const int RecordsPerFrame = 100;
    private const int RecordBytes = 1024;

    /// <summary>
    /// What a record takes beside its payload in this benchmark, and its place in the frame's header.
    /// </summary>
    private const int OverheadBytes = 72 + 6 + 36 + 4;
    /// <summary>
    /// More than two, so that a frame fills while another is flushed whenever the caller gets to run.
    /// </summary>
    private const int RequestsInFlight = 8;

    /// <summary>Enough to reach a segment of full size, to have the next one prepared and all code compiled.</summary>
    private const int WarmUpRuns = 16;

    private static readonly TimeSpan s_quietTime = TimeSpan.FromSeconds(1);

    public static async Task<int> RunAsync()
    {
        var folder = Path.Combine(Path.GetTempPath(), "wikibus-bench-log-" + Environment.ProcessId);
        try
        {
            FlushProbe.Print(folder);
            var logFolder = Path.Combine(folder, "log");
            await using var events = EventLog.Open(
                logFolder,
                new EventLogOptions { FrameBytesMax = RecordsPerFrame * RecordBytes },
                new PhysicalFileSystem(),
                TimeProvider.System);
            var (plain, preparing, log) = (new List<LogRate>(), new List<LogRate>(), new List<LogRate>());
            for (var run = 0; run < WarmUpRuns; run++)
            {
                preparing.Add(await RunLogAsync(events, run));
            }

            for (var run = 0; run < RunCount; run++)
            {
                // Both sides write into space that was prepared before: what prepares would slow either down.
                await WaitUntilQuietAsync(logFolder);
                plain.Add(RunPlain(Path.Combine(folder, "plain")));
                log.Add(await RunLogAsync(events, WarmUpRuns + run));
            }

            Print(plain, preparing, log);
            return 0;
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static void Print(List<LogRate> plain, List<LogRate> preparing, List<LogRate> log)
    {
        var table = new Table(
            "records of 1 KB in frames of 100", "median records/s", "processor time a record", "runs");
        Add(table, "write + fdatasync, prepared file", plain);
        Add(table, "event log, prepared segment", log);
        Add(table, "event log, warming up and preparing", preparing);
        table.Print($"log: {RunCount} interleaved pairs of runs of {FrameCount} frames");
        // Of the pairs: a disk that others use too changes from one pair to the next more than within one.
        var ratio = Table.Median(
            log.Zip(plain, static (ours, least) => ours.RecordsPerSecond / least.RecordsPerSecond));
        Console.WriteLine("ratio, median of the pairs: " + Table.Verdict(ratio, 0.8));
    }

    private static double MedianRate(List<LogRate> runs) => Table.Median(runs.Select(run => run.RecordsPerSecond));

    private static void Add(Table table, string what, List<LogRate> runs) => table.Add(
        what,
        MedianRate(runs).ToString("N0", CultureInfo.InvariantCulture),
        string.Create(
            CultureInfo.InvariantCulture, $"{Table.Median(runs.Select(run => run.ProcessorMicroseconds)):0.00} µs"),
        string.Join(" ", runs.Select(run => run.RecordsPerSecond.ToString("N0", CultureInfo.InvariantCulture))));

    /// <summary>Waits until nothing is prepared any more: no file changes its length.</summary>
    private static async Task WaitUntilQuietAsync(string folder)
    {
        using var timer = new PeriodicTimer(s_quietTime);
        for (long before = -1, bytes = 0; before != bytes;)
        {
            await timer.WaitForNextTickAsync();
            (before, bytes) = (bytes, new DirectoryInfo(folder).EnumerateFiles().Sum(file => file.Length));
        }
    }

    private static LogRate RunPlain(string path)
    {
        var frame = new byte[RecordsPerFrame * RecordBytes];
        using var file = File.OpenHandle(path, FileMode.Create, FileAccess.ReadWrite);
        for (var index = 0; index < FrameCount; index++)
        {
            RandomAccess.Write(file, frame, (long)index * frame.Length);
        }

        DataSync.Flush(file);
        Array.Fill(frame, (byte)'x');
        var meter = LogMeter.Start();
        for (var index = 0; index < FrameCount; index++)
        {
            RandomAccess.Write(file, frame, (long)index * frame.Length);
            DataSync.Flush(file);
        }

        return meter.Stop(FrameCount * RecordsPerFrame);
    }

    private static async Task<LogRate> RunLogAsync(EventLog log, int run)
    {
        var frames = Enumerable.Range(0, FrameCount).Select(frame => Drafts(run, frame)).ToArray();
        // What making the drafts left behind is not the log's to collect.
        GC.Collect();
        var inFlight = new Queue<AppendRequest>();
        var meter = LogMeter.Start();
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

        return meter.Stop(FrameCount * RecordsPerFrame);
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
