using WikiBus.Storage.Indexes;
using WikiBus.Storage.Repeats;
using WikiBus.Storage.Segments;
using WikiBus.Storage.Tests.Logs;
using WikiBus.Storage.Tests.Simulation;

namespace WikiBus.Storage.Tests.Indexes;

public sealed class IndexStoreTests
{
    private const int SegmentCount = 8;
    private const int ReaderCount = 2;
    private const int RoundCount = 50;
    private static readonly TimeSpan s_waitMax = TimeSpan.FromSeconds(20);

    [Fact]
    public async Task ManyWhoMissTheSameFiles_MakeThemOnce()
    {
        await using var bed = await SegmentsAsync();
        var sealedSegments = SegmentList.Find(bed.Disk, LogBed.Directory)[..^1];
        bed.Disk.PowerCutCalls = DiskCall.Create;
        var before = bed.Disk.CallCount;
        for (var round = 0; round < RoundCount; round++)
        {
            DeleteCompanions(bed.Disk);
            var indexes = new IndexStore(bed.Disk, LogBed.Directory, bed.Take);
            using var ids = new IdStore(bed.Disk, LogBed.Directory, indexes, bed.Take);
            using var start = new Barrier(ReaderCount);
            await Task.WhenAll(Enumerable.Range(0, ReaderCount).Select(_ => Task.Run(() =>
            {
                start.SignalAndWait(s_waitMax).ShouldBeTrue();
                foreach (var segment in sealedSegments)
                {
                    indexes.Get(segment).RecordCount.ShouldBe(1);
                    ids.Load(segment).Length.ShouldBe(1);
                }
            }))).WaitAsync(s_waitMax);
        }

        (bed.Disk.CallCount - before).ShouldBe(2 * sealedSegments.Length * RoundCount);
        bed.Notices.ShouldBeEmpty();
    }

    [Fact]
    public async Task SegmentThatHasGone_GetsNoFilesAnyMore()
    {
        await using var bed = await SegmentsAsync();
        var segment = SegmentList.Find(bed.Disk, LogBed.Directory)[1];
        var indexes = new IndexStore(bed.Disk, LogBed.Directory, bed.Take);
        using var ids = new IdStore(bed.Disk, LogBed.Directory, indexes, bed.Take);
        DeleteCompanions(bed.Disk);
        indexes.Delete(segment.Number);
        ids.Delete(segment.Number);
        indexes.Get(segment).RecordCount.ShouldBe(1);
        ids.TryMakeAgain(segment).ShouldBeTrue();
        bed.Disk.ListFiles(LogBed.Directory).ShouldNotContain(SegmentName.OfIds(segment.Number));
        bed.Disk.ListFiles(LogBed.Directory).ShouldNotContain(SegmentName.OfIndex(segment.Number));
    }

    [Fact]
    public async Task LogWhoseDirectoryWasDeleted_SendsNoNotice()
    {
        await using var bed = await SegmentsAsync();
        var segment = SegmentList.Find(bed.Disk, LogBed.Directory)[1];
        var disk = new SimulatedDisk();
        using var ids = new IdStore(
            disk, LogBed.Directory, new IndexStore(disk, LogBed.Directory, bed.Take), bed.Take);
        ids.TryMakeAgain(segment).ShouldBeFalse();
        bed.Notices.ShouldBeEmpty();
    }

    [Fact]
    public async Task DirectoryThatGoesAwayBeforeTheStop_IsNoWarning()
    {
        var directory = Directory.CreateTempSubdirectory("wikibus-").FullName;
        await using var bed = new LogBed();
        var options = bed.Options with { SegmentBytesMax = 64 * 1024, OnNotice = bed.Take };
        var log = EventLog.Open(directory, options, new PhysicalFileSystem(), TimeProvider.System);
        await log.Append([LogBed.Draft("a", "1", "id")]).Completion.WaitAsync(s_waitMax);
        Directory.Delete(directory, recursive: true);
        await log.DisposeAsync().AsTask().WaitAsync(s_waitMax);
        bed.Notices.ShouldBeEmpty();
    }

    [Theory]
    [InlineData(".index")]
    [InlineData(".ids")]
    public async Task FileOfThreeGigabytes_CountsAsDamaged(string extension)
    {
        var directory = Directory.CreateTempSubdirectory("wikibus-").FullName;
        var files = new PhysicalFileSystem();
        await using (var log = EventLog.Open(directory, new EventLogOptions(), files, TimeProvider.System))
        {
            await log.Append([LogBed.Draft("a", "1", "id")]).Completion.WaitAsync(s_waitMax);
        }

        using (var file = files.Open(Path.Combine(directory, "00000001" + extension), StorageFileMode.ReadWrite))
        {
            file.SetLength(3L << 30);
        }

        new LogInspector(directory, files).Check().ShouldBeEmpty();
        await using (var log = EventLog.Open(directory, new EventLogOptions(), files, TimeProvider.System))
        {
            log.EndPosition.ShouldBe(1);
        }

        Directory.Delete(directory, recursive: true);
    }

    [Fact]
    public async Task DamagedIndex_IsNotMadeValidByTheStart()
    {
        await using var bed = await SegmentsAsync();
        var last = SegmentList.Find(bed.Disk, LogBed.Directory)[^1];
        var path = $"{LogBed.Directory}/{SegmentName.OfIndex(last.Number)}";
        var bytes = bed.Disk.ReadAll(path);
        bytes[^1] ^= 1;
        bed.Disk.Replace(path, bytes);
        bed.Open();
        SegmentIndexFile.TryRead(bed.Disk, LogBed.Directory, last.Header).ShouldBeNull();
    }

    [Fact]
    public async Task OpenIdFiles_AreThoseOfTheNewestSegments()
    {
        await using var bed = await SegmentsAsync();
        var sealedSegments = SegmentList.Find(bed.Disk, LogBed.Directory)[..^1];
        using var cache = new IdFileCache(
            bed.Disk, LogBed.Directory, filesMax: 3, filterBytesMax: 2 * IdFile.BlockLength);
        for (var round = 0; round < 2; round++)
        {
            foreach (var segment in sealedSegments.Reverse())
            {
                cache.TryFind(segment, 0, []).ShouldBeTrue();
            }

            cache.FileCount.ShouldBe(3);
            cache.FilterBytes.ShouldBe(2 * IdFile.BlockLength);
            bed.Disk.PowerCutCalls = DiskCall.Open | DiskCall.Read;
        }

        // Two with filters in memory, one whose block is read; the others are opened and read twice.
        var before = bed.Disk.CallCount;
        for (var index = sealedSegments.Length - 1; index >= 0; index--)
        {
            cache.TryFind(sealedSegments[index], 0, []).ShouldBeTrue();
        }

        (bed.Disk.CallCount - before).ShouldBe(1 + (3 * (sealedSegments.Length - 3)));
        cache.Remove(sealedSegments[^1].Number);
        cache.FileCount.ShouldBe(2);
        cache.FilterBytes.ShouldBe(IdFile.BlockLength);
    }

    [Fact]
    public async Task NewerSegment_TakesThePlaceOfTheOldest()
    {
        await using var bed = await SegmentsAsync();
        var sealedSegments = SegmentList.Find(bed.Disk, LogBed.Directory)[..^1];
        using var cache = new IdFileCache(
            bed.Disk, LogBed.Directory, filesMax: 3, filterBytesMax: 2 * IdFile.BlockLength);
        foreach (var segment in sealedSegments)
        {
            cache.TryFind(segment, 0, []).ShouldBeTrue();
        }

        cache.FileCount.ShouldBe(3);
        cache.FilterBytes.ShouldBe(2 * IdFile.BlockLength);
        bed.Disk.PowerCutCalls = DiskCall.Open | DiskCall.Read;
        var before = bed.Disk.CallCount;
        cache.TryFind(sealedSegments[^1], 0, []).ShouldBeTrue();
        bed.Disk.CallCount.ShouldBe(before);
    }

    private static void DeleteCompanions(SimulatedDisk disk)
    {
        foreach (var name in disk.ListFiles(LogBed.Directory)
            .Where(name => SegmentName.TryParseCompanion(name, out _)))
        {
            disk.Delete($"{LogBed.Directory}/{name}");
        }
    }

    /// <summary>A closed log of this number of segments with one record each.</summary>
    private static async Task<LogBed> SegmentsAsync()
    {
        var bed = LogBed.Start(options => options with { SegmentBytesMax = 4096 });
        for (var index = 0; index < SegmentCount; index++)
        {
            await bed.AppendAsync("a", $"{index}" + new string('x', 4096), $"id-{index}");
        }

        await bed.CloseAsync();
        bed.Notices.Clear();
        return bed;
    }
}
