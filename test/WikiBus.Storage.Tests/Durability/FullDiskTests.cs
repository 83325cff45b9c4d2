using System.Text;
using Microsoft.Extensions.Time.Testing;
using WikiBus.Storage.Tests.Simulation;

namespace WikiBus.Storage.Tests.Durability;

/// <summary>
/// The disk fills up under writers: nothing acknowledged is lost, and appends work again once there is space.
/// </summary>
public sealed class FullDiskTests
{
    private const int AttemptsMax = 10_000;
    private static readonly TimeSpan s_waitMax = TimeSpan.FromSeconds(30);

    private readonly FakeTimeProvider _time = new();
    private readonly SimulatedDisk _disk = SimulatedDisk.WithDirectory("/data");

    [Theory]
    [InlineData(0)]
    [InlineData(16 * 1024)]
    public async Task LogOnAFullDisk_RefusesAndServesAgainWithSpace(long freeBytesMin)
    {
        _disk.CapacityBytes = 300_000;
        var options = new EventLogOptions { SegmentBytesMax = 64 * 1024, FreeBytesMin = freeBytesMin };
        var stored = new List<string>();
        await using (var log = EventLog.Open("/data/log", options, _disk, _time))
        {
            var full = await AppendUntilRefusedAsync(log, stored);
            full.ShouldBeOneOf(AppendStatus.Refused, AppendStatus.Unknown);
            _disk.CapacityBytes *= 4;
            _time.Advance(TimeSpan.FromSeconds(2));
            stored.Add("after");
            (await AppendAsync(log, "after")).ShouldBe(AppendStatus.Stored);
            log.Health.IsWritable.ShouldBeTrue();
            ReadIds(log).ShouldBe(stored);
        }

        await using var reopened = EventLog.Open("/data/log", options, _disk.Crash(new Random(1)), _time);
        ReadIds(reopened).ShouldBe(stored);
    }

    /// <summary>The clock does not move, so the regular checks of the free space do not run.</summary>
    [Theory]
    [InlineData(4 << 20, 1000)]
    [InlineData(4 << 20, 300_000)]
    [InlineData(40 << 20, 100_000)]
    [InlineData(40 << 20, 5_000_000)]
    public async Task FastWriters_AreRefusedBeforeTheReserveIsTouched(int capacityBytes, int payloadBytes)
    {
        const long Reserve = 1 << 20;
        _disk.CapacityBytes = capacityBytes;
        var options = new EventLogOptions { FreeBytesMin = Reserve };
        var stored = new List<string>();
        await using (var log = EventLog.Open("/data/log", options, _disk, _time))
        {
            var writers = Enumerable.Range(0, 4).Select(writer => Task.Run(async () =>
            {
                var mine = new List<string>();
                var full = await AppendUntilRefusedAsync(log, mine, $"{writer}-", payloadBytes);
                full.ShouldBe(AppendStatus.Refused);
                return mine;
            }));
            stored.AddRange((await Task.WhenAll(writers).WaitAsync(s_waitMax)).SelectMany(ids => ids));
            _disk.FreeBytes("/data/log").ShouldBeGreaterThanOrEqualTo(Reserve);
            log.Health.IsWritable.ShouldBeFalse();
            _disk.CapacityBytes *= 4;
            _time.Advance(TimeSpan.FromSeconds(1));
            stored.Add("after");
            (await AppendAsync(log, "after", payloadBytes)).ShouldBe(AppendStatus.Stored);
            log.Health.IsWritable.ShouldBeTrue();
        }

        await using var reopened = EventLog.Open("/data/log", options, _disk.Crash(new Random(1)), _time);
        ReadIds(reopened).ShouldBe(stored, ignoreOrder: true);
    }

    private static async Task<AppendStatus> AppendUntilRefusedAsync(
        EventLog log, List<string> stored, string prefix = "", int payloadBytes = 1000)
    {
        for (var i = 0; i < AttemptsMax; i++)
        {
            var status = await AppendAsync(log, $"{prefix}id{i}", payloadBytes);
            if (status != AppendStatus.Stored)
            {
                return status;
            }

            stored.Add($"{prefix}id{i}");
        }

        return AppendStatus.Stored;
    }

    private static async Task<AppendStatus> AppendAsync(EventLog log, string id, int payloadBytes = 1000)
    {
        var draft = new RecordDraft
        {
            Stream = "stream",
            Id = Encoding.ASCII.GetBytes(id),
            Payload = new byte[payloadBytes],
        };
        return (await log.Append([draft]).Completion.WaitAsync(s_waitMax)).Status;
    }

    private static List<string> ReadIds(EventLog log)
    {
        var ids = new List<string>();
        using var reader = log.OpenReader(0);
        using var batch = new RecordBatch();
        while (reader.Read(batch))
        {
            ids.AddRange(batch.Records.Select(record => Encoding.ASCII.GetString(record.Id.Span)));
        }

        return ids;
    }
}
