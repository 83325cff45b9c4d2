using System.Text;
using Microsoft.Extensions.Time.Testing;
using WikiBus.Storage.Tests.Simulation;

namespace WikiBus.Storage.Tests.Durability;

/// <summary>
/// A flush fails, and the process is killed before it can mend the end. The frame is still seen in the cache, but the
/// system
/// takes its pages for clean: recovery must write it again, or a power loss takes what readers have seen.
/// </summary>
public sealed class DoubtfulFrameTests
{
    private const string Directory = "/data/log";
    private static readonly TimeSpan s_waitMax = TimeSpan.FromSeconds(30);

    private readonly FakeTimeProvider _time = new();

    [Fact]
    public async Task FrameServedAfterAFailedFlushAndAKill_OutlivesAPowerLoss()
    {
        var disk = SimulatedDisk.WithDirectory("/data");
        var killed = Open(disk);
        (await AppendAsync(killed, "first")).ShouldBe(AppendStatus.Stored);
        disk.Inject(new DiskFault { Calls = DiskCall.Flush });
        (disk.PowerCutCalls, disk.PowerCutCall) = (DiskCall.Open, disk.CallCount + 1);
        (await AppendAsync(killed, "doubtful")).ShouldBe(AppendStatus.Unknown);
        disk.CutPower();
        await killed.DisposeAsync().AsTask().WaitAsync(s_waitMax);

        disk = disk.KillProcess();
        await using var next = Open(disk);
        var served = ReadAll(next);
        served.ShouldBe(["first", "doubtful"]);
        (await AppendAsync(next, "last")).ShouldBe(AppendStatus.Stored);
        for (var seed = 0; seed < 32; seed++)
        {
            await using var afterPowerLoss = Open(disk.Crash(new Random(seed)));
            ReadAll(afterPowerLoss).ShouldBe([.. served, "last"], $"seed {seed}");
        }
    }

    private EventLog Open(SimulatedDisk disk) =>
        EventLog.Open(Directory, new EventLogOptions { SegmentBytesMax = 64 * 1024 }, disk, _time);

    private static async Task<AppendStatus> AppendAsync(EventLog log, string payload)
    {
        var draft = new RecordDraft { Stream = "stream", Payload = Encoding.ASCII.GetBytes(payload) };
        return (await log.Append([draft]).Completion.WaitAsync(s_waitMax)).Status;
    }

    private static List<string> ReadAll(EventLog log)
    {
        var payloads = new List<string>();
        using var reader = log.OpenReader(0);
        using var batch = new RecordBatch();
        while (reader.Read(batch))
        {
            payloads.AddRange(batch.Records.Select(record => Encoding.ASCII.GetString(record.Payload.Span)));
        }

        return payloads;
    }
}
