using WikiBus.Storage.Frames;
using WikiBus.Storage.Tests.Simulation;

namespace WikiBus.Storage.Tests.Logs;

/// <summary>A segment shows that its successor was in use: a lost last segment is noticed.</summary>
public sealed class SegmentSealTests
{
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task LastSegmentRemoved_IsRefusedAndNamed(bool isStoppedGracefully)
    {
        await using var bed = await ThreeSegmentsAsync();
        var disk = await StopAsync(bed, isStoppedGracefully);
        disk.Delete(bed.Segments()[2]);

        await using var next = new LogBed { Disk = disk };
        Should.Throw<LogDamagedException>(next.Open).Message.ShouldContain("Segment 3 is missing");
        new LogInspector(LogBed.Directory, disk).Check()
            .ShouldHaveSingleItem().What.ShouldContain("Segment 3 is missing");
    }

    [Fact]
    public async Task LastTwoSegmentsRemoved_AreNoticed()
    {
        await using var bed = await ThreeSegmentsAsync();
        var disk = await StopAsync(bed, isStoppedGracefully: true);
        disk.Delete(bed.Segments()[2]);
        disk.Delete(bed.Segments()[1]);

        await using var next = new LogBed { Disk = disk };
        Should.Throw<LogDamagedException>(next.Open).Message.ShouldContain("Segment 2 is missing");
    }

    [Fact]
    public async Task Repair_GoesOnBehindWhatIsThereUnderAnotherLogId()
    {
        await using var bed = await ThreeSegmentsAsync();
        var logId = bed.Log.LogId;
        var held = bed.ReadAll();
        var disk = await StopAsync(bed, isStoppedGracefully: true);
        disk.Delete(bed.Segments()[2]);

        var repair = new LogInspector(LogBed.Directory, disk).Repair();
        repair.LostRecordsMax.ShouldBe(3, "the missing segment's index tells what it held");
        await using var next = new LogBed { Disk = disk };
        next.Open();
        next.Log.LogId.ShouldNotBe(logId);
        var left = next.ReadAll();
        left.ShouldBe(held[..left.Count]);
        await next.AppendAsync("a", "more");
        await next.ReopenAsync();
        next.ReadAll().Count.ShouldBe(left.Count + 1);
    }

    // The process was stopped when the next segment had its name and the one before it had no seal.
    [Fact]
    public async Task SealThatWasNotWritten_IsWrittenByTheNextStart()
    {
        await using var bed = await ThreeSegmentsAsync();
        var third = bed.Segments()[2];
        bed.Disk.Inject(new DiskFault { Calls = DiskCall.Open, Where = path => path == third, Every = 1 });
        (await bed.AppendAsync(LogBed.Draft("a", new string('y', 4000)))).Status.ShouldBe(AppendStatus.Unknown);
        bed.Segments().Count.ShouldBe(4);
        var disk = bed.Disk.Copy();
        disk.Heal();

        await using (var next = new LogBed { Disk = disk })
        {
            next.Open();
            next.ReadAll().Count.ShouldBe(9);
        }

        disk.Delete(bed.Segments()[3]);
        await using var last = new LogBed { Disk = disk };
        Should.Throw<LogDamagedException>(last.Open).Message.ShouldContain("Segment 4 is missing");
    }

    [Fact]
    public async Task SealThatCannotBeWritten_IsAFailureThatMends()
    {
        await using var bed = LogBed.Start(options => options with { SegmentBytesMax = 4096 });
        await bed.AppendAsync("a", new string('x', 2000));
        bed.Disk.Inject(new DiskFault { Calls = DiskCall.Open, First = 1 });
        (await bed.AppendAsync(LogBed.Draft("a", new string('y', 3000)))).Status.ShouldBe(AppendStatus.Unknown);
        await bed.NoticeAsync("takes records again");
        await bed.AppendAsync("a", "after");
        bed.ReadAll().Count.ShouldBe(2);
        await bed.ReopenAsync();
        bed.ReadAll().Count.ShouldBe(2);
    }

    [Fact]
    public async Task AllSegmentsRemoved_AreNoticed()
    {
        await using var bed = await ThreeSegmentsAsync();
        var disk = await StopAsync(bed, isStoppedGracefully: true);
        bed.Segments().ToList().ForEach(disk.Delete);

        await using var next = new LogBed { Disk = disk };
        Should.Throw<LogDamagedException>(next.Open).Message.ShouldContain("All segments are missing");
        var inspector = new LogInspector(LogBed.Directory, disk);
        inspector.Check().ShouldHaveSingleItem().What.ShouldContain("All segments are missing");
        Should.Throw<LogDamagedException>(inspector.Repair).Message.ShouldContain("All segments are missing");
    }

    // Cut at the end of a frame, the rest of a segment is intact. Its index, of a graceful stop, shows that a part is
    // missing.
    [Fact]
    public async Task LastSegmentThatLostItsEnd_IsRefusedAndItsPositionsAreNotGivenAgainUnderTheSameLogId()
    {
        await using var bed = await ThreeSegmentsAsync();
        var logId = bed.Log.LogId;
        var disk = await StopAsync(bed, isStoppedGracefully: true);
        var last = bed.Segments()[2];
        var bytes = disk.ReadAll(last);
        disk.Replace(last, bytes[..(96 + FrameLength(bytes.AsSpan(96)))]);

        await using var next = new LogBed { Disk = disk };
        Should.Throw<LogDamagedException>(next.Open).Message.ShouldContain("its index says");
        var inspector = new LogInspector(LogBed.Directory, disk);
        inspector.Check().ShouldHaveSingleItem().What.ShouldContain("its index says");
        inspector.Repair().LostRecordsMax.ShouldBe(3);
        next.Open();
        next.Log.LogId.ShouldNotBe(logId);
        next.ReadAll().Count.ShouldBe(6);
    }

    [Fact]
    public async Task LastSegmentWithoutAFrame_IsFoundAndRepaired()
    {
        await using var bed = await ThreeSegmentsAsync();
        var disk = await StopAsync(bed, isStoppedGracefully: false);
        disk.Replace(bed.Segments()[2], disk.ReadAll(bed.Segments()[2])[..96]);

        await using var next = new LogBed { Disk = disk };
        Should.Throw<LogDamagedException>(next.Open).Message.ShouldContain("its first frame is missing");
        var inspector = new LogInspector(LogBed.Directory, disk);
        inspector.Check().ShouldHaveSingleItem().What.ShouldContain("no frame");
        inspector.Repair().LostRecordsMax.ShouldBeNull();
        next.Open();
        next.ReadAll().Count.ShouldBe(6);
    }

    [Fact]
    public async Task LostSeal_IsFoundAndARepairWritesItAgain()
    {
        await using var bed = await ThreeSegmentsAsync();
        var disk = await StopAsync(bed, isStoppedGracefully: true);
        var second = bed.Segments()[1];
        var whole = disk.ReadAll(second);
        var end = (int)BitConverter.ToInt64(disk.ReadAll(bed.Segments()[2]).AsSpan(48));
        disk.Replace(second, whole[..end]);
        var inspector = new LogInspector(LogBed.Directory, disk);
        inspector.Check().ShouldHaveSingleItem().What.ShouldContain("seal");

        inspector.Repair().LostRecordsMax.ShouldBe(0);
        inspector.Check().ShouldBeEmpty();
        disk.Delete(bed.Segments()[2]);
        await using var last = new LogBed { Disk = disk };
        Should.Throw<LogDamagedException>(last.Open).Message.ShouldContain("Segment 3 is missing");
    }

    [Fact]
    public async Task LogOfALaterFormatVersion_IsRefusedAndNotRepaired()
    {
        await using var bed = await ThreeSegmentsAsync();
        var disk = await StopAsync(bed, isStoppedGracefully: true);
        var bytes = disk.ReadAll(bed.Segments()[2]);
        SetVersion(bytes, 3);
        disk.Replace(bed.Segments()[2], bytes);

        await using var next = new LogBed { Disk = disk };
        Should.Throw<LogDamagedException>(next.Open).Message.ShouldContain("newer format version");
        Should.Throw<LogDamagedException>(new LogInspector(LogBed.Directory, disk).Repair)
            .Message.ShouldContain("newer format version");
        disk.ReadAll(bed.Segments()[2]).ShouldBe(bytes);
    }

    [Fact]
    public async Task LogOfTheFirstFormatVersion_IsRefusedWithTheReason()
    {
        await using var bed = await ThreeSegmentsAsync();
        await bed.CloseAsync();
        foreach (var path in bed.Segments())
        {
            var bytes = bed.Disk.ReadAll(path);
            SetVersion(bytes, 1);
            bed.Disk.Replace(path, bytes);
        }

        Should.Throw<LogDamagedException>(bed.Open).Message.ShouldContain("earlier format version");
        var inspector = new LogInspector(LogBed.Directory, bed.Disk);
        inspector.Check().Count.ShouldBe(3);
        Should.Throw<LogDamagedException>(inspector.Repair).Message.ShouldContain("earlier format version");
    }

    private static int FrameLength(ReadOnlySpan<byte> frame)
    {
        var header = FrameHeader.LengthFor(BitConverter.ToInt32(frame[12..]));
        return (header + BitConverter.ToInt32(frame[16..]) + 7) / 8 * 8;
    }

    private static void SetVersion(byte[] segment, byte version)
    {
        segment[8] = version;
        BitConverter.TryWriteBytes(segment.AsSpan(92), Crc32C.Compute(segment.AsSpan(0, 92)));
    }

    private static async Task<LogBed> ThreeSegmentsAsync()
    {
        var bed = LogBed.Start(options => options with { SegmentBytesMax = 4096 });
        for (var index = 0; index < 9; index++)
        {
            await bed.AppendAsync("a", new string('x', 1000 + index));
        }

        bed.Segments().Count.ShouldBe(3);
        return bed;
    }

    private static async Task<SimulatedDisk> StopAsync(LogBed bed, bool isStoppedGracefully)
    {
        if (isStoppedGracefully)
        {
            await bed.CloseAsync();
        }

        return bed.Disk.Copy();
    }
}
