using System.Globalization;
using WikiBus.Storage.Indexes;
using WikiBus.Storage.Repeats;
using WikiBus.Storage.Segments;
using WikiBus.Storage.Tests.Simulation;

namespace WikiBus.Storage.Tests.Logs;

/// <summary>
/// After a graceful stop and a start, the ids of the last segment are in its id file and not in memory. They are read
/// back when the file is written again.
/// </summary>
public sealed class IdsLeftInFileTests
{
    private const int Before = 300;
    private const int Since = 20;
    private const int FirstBlock = IdFile.HeaderLength + IdFile.BlockLength;
    private const string IdsPath = $"{LogBed.Directory}/00000001.ids";

    [Fact]
    public async Task IdsFromBeforeTheStart_AreWrittenAgainWithThoseAddedSince()
    {
        await using var bed = await RestartedAsync();
        await StopShouldKeepAllAsync(bed);
    }

    [Fact]
    public async Task IdFileThatIsMissingAtTheStop_IsMadeFromTheSegment()
    {
        await using var bed = await RestartedAsync();
        bed.Disk.Delete(IdsPath);
        await StopShouldKeepAllAsync(bed);
    }

    [Fact]
    public async Task IdFileThatIsBrokenAtTheStop_IsMadeFromTheSegment()
    {
        await using var bed = await RestartedAsync();
        var bytes = bed.Disk.ReadAll(IdsPath);
        bytes[FirstBlock] ^= 1;
        bed.Disk.Replace(IdsPath, bytes);
        await StopShouldKeepAllAsync(bed);
    }

    [Fact]
    public async Task IdFileThatCannotBeReadAtTheStop_IsMadeFromTheSegment()
    {
        await using var bed = await RestartedAsync();
        var fault = new DiskFault { Calls = DiskCall.Open, Where = path => path == IdsPath, Every = 1 };
        bed.Disk.Inject(fault);
        await StopShouldKeepAllAsync(bed);
        fault.Strikes.ShouldBe(1);
    }

    [Fact]
    public async Task SegmentThatCannotBeReadEither_IsAWarningAndTheNextStartFindsAll()
    {
        await using var bed = await RestartedAsync();
        bed.Disk.Inject(new DiskFault
        {
            Calls = DiskCall.Read,
            Where = path => path == IdsPath || path == bed.Segments()[0],
            Every = 1,
        });
        await bed.CloseAsync();
        bed.Notices.ShouldHaveSingleItem().Message.ShouldStartWith("The id file of segment 1 could not be written");
        bed.Disk.Heal();
        bed.Open();
        await AllShouldBeKnownAsync(bed);
    }

    [Fact]
    public async Task IdsInTheFileOnly_AreFoundUntilTheFileIsLost()
    {
        await using var bed = LogBed.Start();
        await AppendAsync(bed, 0, Before);
        await bed.CloseAsync();
        var segment = SegmentList.Find(bed.Disk, LogBed.Directory)[0];
        var indexes = new IndexStore(bed.Disk, LogBed.Directory, bed.Take);
        using var ids = new IdStore(bed.Disk, LogBed.Directory, indexes, bed.Take);
        var contents = ids.TryReadCheckpoint(segment).ShouldNotBeNull();
        indexes.Keep(contents);
        var entries = ids.Load(segment);
        ids.LeaveInFile(segment);

        contents.Ids.InMemory.ShouldBeEmpty();
        ids.Count(segment).ShouldBe(Before);
        ids.Load(segment).ShouldBe(entries, ignoreOrder: true);
        ShouldBeFound();

        // Another thread may have written the whole file while this one still looks at what was in memory.
        ids.Write(contents).ShouldBeTrue();
        indexes.Write(contents);
        indexes.Keep(contents);
        ShouldBeFound();

        bed.Disk.Delete(IdsPath);
        ids.TryFind(segment, entries[0].Key, []).ShouldBeFalse();
        ids.Load(segment).Select(entry => entry.Position)
            .ShouldBe(entries.Select(entry => entry.Position), ignoreOrder: true);

        void ShouldBeFound()
        {
            List<long> positions = [];
            ids.TryFind(segment, entries[0].Key, positions).ShouldBeTrue();
            positions.ShouldBe([entries[0].Position]);
        }
    }

    private static async Task StopShouldKeepAllAsync(LogBed bed)
    {
        await bed.CloseAsync();
        bed.Notices.ShouldBeEmpty();
        bed.Disk.Heal();
        IdCount(bed).ShouldBe(Before + Since);
        bed.Open();
        await AllShouldBeKnownAsync(bed);
    }

    private static int IdCount(LogBed bed)
    {
        var segment = SegmentList.Find(bed.Disk, LogBed.Directory)[0];
        using var reader = IdFileReader.TryOpen(bed.Disk, IdsPath, segment.Header).ShouldNotBeNull();
        return reader.ReadAll().ShouldNotBeNull().Length;
    }

    /// <summary>A log that was stopped and started, with ids from before and since.</summary>
    private static async Task<LogBed> RestartedAsync()
    {
        var bed = LogBed.Start();
        await AppendAsync(bed, 0, Before);
        await bed.ReopenAsync();
        await AppendAsync(bed, Before, Since);
        return bed;
    }

    private static async Task AllShouldBeKnownAsync(LogBed bed)
    {
        var result = await AppendAsync(bed, 0, Before + Since);
        result.Records.ShouldAllBe(record => record.IsDuplicate);
    }

    private static async Task<AppendResult> AppendAsync(LogBed bed, int first, int count)
    {
        var result = await bed.AppendAsync([.. Enumerable.Range(first, count).Select(Event)]);
        result.Status.ShouldBe(AppendStatus.Stored, result.Reason);
        return result;
    }

    private static RecordDraft Event(int index) =>
        LogBed.Draft("a", "payload", string.Create(CultureInfo.InvariantCulture, $"id-{index}"));
}
