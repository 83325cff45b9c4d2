using WikiBus.Storage.Files;
using WikiBus.Storage.Indexes;
using WikiBus.Storage.Reading;
using WikiBus.Storage.Repeats;
using WikiBus.Storage.Segments;
using WikiBus.Storage.Tests.Simulation;
using WikiBus.Storage.Writing;

namespace WikiBus.Storage.Tests.Logs;

public sealed class RetentionTests
{
    private const int SegmentBytes = 4096;

    [Fact]
    public async Task LogBeyondItsSize_LosesItsOldestSegments()
    {
        await using var bed = LogBed.Start(
            options => options with { SegmentBytesMax = SegmentBytes, RetentionBytesMax = 3 * SegmentBytes });
        await FillAsync(bed, 12);
        await bed.NoticeAsync("went by retention");

        bed.Log.FirstPosition.ShouldBePositive();
        bed.ReadAll()[0].ShouldStartWith($"{bed.Log.FirstPosition} a@{bed.Log.FirstPosition} ");
        await bed.ReopenAsync();
        bed.ReadAll()[^1].ShouldStartWith("11 a@11 ");
        (await bed.AppendAsync("a", "next")).ShouldBe(12);
    }

    [Fact]
    public async Task OldSegments_GoByTheClock()
    {
        await using var bed = LogBed.Start(
            options => options with { SegmentBytesMax = SegmentBytes, RetentionAgeMax = TimeSpan.FromDays(1) });
        await FillAsync(bed, 6);
        bed.Time.Advance(TimeSpan.FromDays(2));
        await bed.NoticeAsync("went by retention");
        bed.Log.FirstPosition.ShouldBeInRange(4, 5);
    }

    [Fact]
    public async Task TimeInTheFuture_TellsNoAge()
    {
        await using var bed = await SegmentsAsync(4);
        // All was appended a year ahead of this clock.
        bed.Time.AdjustTime(bed.Time.GetUtcNow().AddYears(-1));
        RunRetention(bed, bed.Disk);
        bed.Segments().Count.ShouldBe(4);
        bed.Time.AdjustTime(bed.Time.GetUtcNow().AddYears(2));
        RunRetention(bed, bed.Disk);
        bed.Segments().Count.ShouldBe(1);
    }

    [Fact]
    public async Task DamagedSegment_DoesNotKeepTheOthers()
    {
        await using var bed = await SegmentsAsync(4);
        foreach (var name in bed.Disk.ListFiles(LogBed.Directory).Where(
            name => SegmentName.TryParseCompanion(name, out _)))
        {
            bed.Disk.Delete($"{LogBed.Directory}/{name}");
        }

        var damaged = bed.Segments()[1];
        var bytes = bed.Disk.ReadAll(damaged);
        bytes[^200] ^= 1;
        bed.Disk.Replace(damaged, bytes);
        bed.Time.Advance(TimeSpan.FromDays(400));
        RunRetention(bed, bed.Disk);
        bed.Segments().Count.ShouldBe(1);
    }

    [Theory]
    [InlineData(null, false)]
    [InlineData("deleted segment", true)]
    public async Task PowerLossAfterRetention_LeavesNoGap(string? ignoredFlush, bool isGapMet)
    {
        await using var bed = await SegmentsAsync(6);
        bed.Time.Advance(TimeSpan.FromDays(400));
        var gaps = 0;
        for (var seed = 0; seed < 100; seed++)
        {
            var disk = bed.Disk.Copy();
            disk.IgnoredFlush = ignoredFlush;
            RunRetention(bed, disk, segmentsFlushed: seed % 5);
            var survived = disk.Crash(new Random(seed));
            gaps += SegmentList.FindGap(SegmentList.Find(survived, LogBed.Directory)) is null ? 0 : 1;
        }

        (gaps > 0).ShouldBe(isGapMet);
    }

    /// <param name="bed">Options and clock.</param>
    /// <param name="disk">A log that is not open.</param>
    /// <param name="segmentsFlushed">The power fails at the deletion after this number of durable ones; negative:
    /// never.</param>
    private static void RunRetention(LogBed bed, SimulatedDisk disk, int segmentsFlushed = -1)
    {
        var segments = SegmentList.Find(disk, LogBed.Directory);
        var snapshot = new LogSnapshot(segments, EndPosition: long.MaxValue, EndOffset: 0);
        var options = bed.Options with { RetentionAgeMax = TimeSpan.FromDays(31) };
        var indexes = new IndexStore(disk, LogBed.Directory, onNotice: null);
        using var ids = new IdStore(disk, LogBed.Directory, indexes, onNotice: null);
        var retention = new Retention(
            disk,
            LogBed.Directory,
            new LogPublication(snapshot),
            indexes,
            ids,
            options,
            new CautiousClock(bed.Time));
        bed.Time.Advance(CautiousClock.BeliefDelay);
        if (segmentsFlushed < 0)
        {
            retention.Run();
            return;
        }

        disk.PowerCutCalls = DiskCall.FlushDirectory;
        disk.PowerCutCall = segmentsFlushed + 1;
        Should.Throw<PowerLossException>(retention.Run);
    }

    private static async Task FillAsync(LogBed bed, int count)
    {
        for (var index = 0; index < count; index++)
        {
            await bed.AppendAsync("a", new string('x', 2000));
        }
    }

    /// <summary>A closed log of this number of segments, which keeps everything for now.</summary>
    private static async Task<LogBed> SegmentsAsync(int count)
    {
        var bed = LogBed.Start(options => options with { SegmentBytesMax = SegmentBytes, RetentionAgeMax = null });
        while (bed.Segments().Count < count)
        {
            await bed.AppendAsync("a", new string('x', 2000));
        }

        await bed.CloseAsync();
        return bed;
    }
}
