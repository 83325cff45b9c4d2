using WikiBus.Storage.Tests.Logs;

namespace WikiBus.Storage.Tests.Inspection;

/// <summary>A repair claims no less than it loses, and keeps what is intact, wherever it stands.</summary>
public sealed class RepairTests
{
    private const int PerSegment = RepairBed.RecordsPerSegment;

    [Theory]
    [InlineData(0)]
    [InlineData(8)]
    [InlineData(9)]
    [InlineData(60)]
    public async Task HeaderByteOfTheLastSegmentDamaged_IsDamageAndNothingIsLost(int at)
    {
        var bed = await RepairBed.StartAsync();
        bed.Flip(3, at);

        await using var log = new LogBed { Disk = bed.Disk };
        Should.Throw<LogDamagedException>(log.Open).Message.ShouldContain("are not a segment header");
        bed.Inspector.Check().ShouldHaveSingleItem().What.ShouldBe("The segment's header is damaged.");
        bed.Dump().ShouldBe(bed.Written);
        var (repair, left) = await bed.RepairAsync();
        repair.LostRecordsMax.ShouldBe(0);
        left.ShouldBe(bed.Written);
    }

    [Fact]
    public async Task AllHeadersDamaged_NothingIsLost()
    {
        var bed = await RepairBed.StartAsync();
        for (var segment = 0; segment < 4; segment++)
        {
            bed.Flip(segment, 8);
        }

        var (repair, left) = await bed.RepairAsync();
        repair.LostRecordsMax.ShouldBe(0);
        left.ShouldBe(bed.Written);
    }

    [Fact]
    public async Task HeaderAndFirstFrameDamaged_TheOtherFramesAreKept()
    {
        var bed = await RepairBed.StartAsync();
        bed.Flip(1, 9);
        bed.Flip(1, 100);

        var (repair, left) = await bed.RepairAsync();
        repair.LostRecordsMax.ShouldBe(0);
        left.ShouldBe(bed.Written);
    }

    [Theory]
    [InlineData(true, PerSegment)]
    [InlineData(false, null)]
    public async Task LastSegmentEmpty_OnlyTheIndexOfAGracefulStopBoundsTheLoss(bool isStoppedGracefully, int? lost)
    {
        var bed = await RepairBed.StartAsync(isStoppedGracefully);
        bed.Cut(3, 0);

        var (repair, left) = await bed.RepairAsync();
        repair.LostRecordsMax.ShouldBe(lost);
        left.ShouldBe(bed.Written[..^PerSegment]);
    }

    // The index of the last graceful stop does not know the records that were appended after it.
    [Fact]
    public async Task LastSegmentEmptyAfterAStopAndAKill_TheLossIsUnknown()
    {
        await using var log = LogBed.Start();
        await log.AppendAsync("a", "before the stop");
        await log.ReopenAsync();
        await log.AppendAsync("a", "after the stop");
        var disk = log.Disk.Copy();
        disk.Replace(log.Segments()[0], []);

        new LogInspector(LogBed.Directory, disk).Repair().LostRecordsMax.ShouldBeNull();
    }

    [Theory]
    [InlineData(true, PerSegment)]
    [InlineData(false, null)]
    public async Task LastSegmentMissing_OnlyTheIndexOfAGracefulStopBoundsTheLoss(
        bool isStoppedGracefully, int? lost)
    {
        var bed = await RepairBed.StartAsync(isStoppedGracefully);
        bed.Disk.Delete(bed.Segments[3]);

        var (repair, left) = await bed.RepairAsync();
        repair.LostRecordsMax.ShouldBe(lost);
        left.ShouldBe(bed.Written[..^PerSegment]);
    }

    [Fact]
    public async Task SegmentCopiedUnderTheNextName_IsSetAsideAndNothingIsLostOrDoubled()
    {
        var bed = await RepairBed.StartAsync();
        var copy = $"{LogBed.Directory}/00000005-00000000000000000012.segment";
        bed.Disk.Replace(copy, bed.Disk.ReadAll(bed.Segments[3]));

        bed.Inspector.Check().ShouldContain(item => item.File == copy && item.What.Contains("segment 4"));
        bed.Dump().ShouldBe(bed.Written);
        var (repair, left) = await bed.RepairAsync();
        repair.LostRecordsMax.ShouldBe(0);
        repair.DamagedFiles.ShouldBe([copy + ".damaged"]);
        left.ShouldBe(bed.Written);
    }

    [Fact]
    public async Task ExchangedSegments_GetTheirNamesBackAndNothingIsLost()
    {
        var bed = await RepairBed.StartAsync();
        bed.Exchange(1, 2);

        bed.Inspector.Check().Select(item => item.File).ShouldBe([bed.Segments[2], bed.Segments[1]]);
        bed.Dump().ShouldBe(bed.Written);
        var (repair, left) = await bed.RepairAsync();
        repair.LostRecordsMax.ShouldBe(0);
        left.ShouldBe(bed.Written);
    }

    [Fact]
    public async Task ExchangedSegmentsWithDamagedHeaders_NothingIsLost()
    {
        var bed = await RepairBed.StartAsync();
        bed.Exchange(1, 3);
        bed.Flip(1, 8);
        bed.Flip(3, 9);

        var (repair, left) = await bed.RepairAsync();
        repair.LostRecordsMax.ShouldBe(0);
        left.ShouldBe(bed.Written);
    }

    [Fact]
    public async Task SegmentUnderTheNextNameWithADamagedHeader_IsFoundByItsPositions()
    {
        var bed = await RepairBed.StartAsync();
        var bytes = bed.Disk.ReadAll(bed.Segments[2]);
        bytes[71] ^= 1;
        bed.Disk.Replace($"{LogBed.Directory}/00000005-00000000000000000012.segment", bytes);
        bed.Disk.Delete(bed.Segments[2]);

        var (repair, left) = await bed.RepairAsync();
        repair.LostRecordsMax.ShouldBe(0);
        left.ShouldBe(bed.Written);
    }

    [Fact]
    public async Task SegmentOverwrittenWithAnother_IsAHole()
    {
        var bed = await RepairBed.StartAsync();
        bed.Disk.Replace(bed.Segments[1], bed.Disk.ReadAll(bed.Segments[2]));

        var (repair, left) = await bed.RepairAsync();
        repair.LostRecordsMax.ShouldBe(PerSegment);
        left.ShouldBe(bed.Written.Where((_, position) => position / PerSegment != 1));
    }

    [Fact]
    public async Task MiddleSegmentMissing_IsAHole()
    {
        var bed = await RepairBed.StartAsync();
        bed.Disk.Delete(bed.Segments[1]);

        bed.Inspector.Check().ShouldHaveSingleItem().What.ShouldContain("Segment 2 is missing");
        var (repair, left) = await bed.RepairAsync();
        repair.LostRecordsMax.ShouldBe(PerSegment);
        left.ShouldBe(bed.Written.Where((_, position) => position / PerSegment != 1));
    }

    [Fact]
    public async Task DamagedSegmentAndAnIntactCopy_TheCopyFillsTheHole()
    {
        var bed = await RepairBed.StartAsync();
        bed.Disk.Replace(
            $"{LogBed.Directory}/00000009-00000000000000000099.segment", bed.Disk.ReadAll(bed.Segments[1]));
        bed.FlipRecord(4);

        bed.Dump().ShouldBe(bed.Written);
        var (repair, left) = await bed.RepairAsync();
        repair.LostRecordsMax.ShouldBe(0);
        left.ShouldBe(bed.Written);
    }

    [Fact]
    public async Task SeveralFaultsAtOnce_AreCountedTogether()
    {
        var bed = await RepairBed.StartAsync();
        bed.FlipRecord(1);
        bed.Disk.Delete(bed.Segments[1]);
        bed.Cut(2, 1500);
        bed.Flip(3, 8);

        var (repair, left) = await bed.RepairAsync();
        var lost = bed.Written.Count - left.Count;
        lost.ShouldBe(1 + PerSegment + 2);
        repair.LostRecordsMax.ShouldBe(lost);
    }

    [Fact]
    public async Task EndOfTheLastSegmentZeroed_IsFoundByItsIndex()
    {
        var bed = await RepairBed.StartAsync();
        var bytes = bed.Disk.ReadAll(bed.Segments[3]);
        bytes.AsSpan(bytes.AsSpan().IndexOf("kkkk"u8) - 160).Clear();
        bed.Disk.Replace(bed.Segments[3], bytes);

        var (repair, left) = await bed.RepairAsync();
        (bed.Written.Count - left.Count).ShouldBe(2);
        repair.LostRecordsMax.ShouldBe(2);
    }

    [Fact]
    public async Task SecondRepairOfTheSameSegment_KeepsBothOriginals()
    {
        var bed = await RepairBed.StartAsync();
        bed.FlipRecord(4);
        bed.Inspector.Repair();
        bed.FlipRecord(5);
        bed.Inspector.Repair().LostRecordsMax.ShouldBe(2, "the hole of the first repair counts, too");

        bed.Files(".damaged").Count.ShouldBe(2);
    }

    [Fact]
    public async Task RepairThatLosesNothing_KeepsTheLogId()
    {
        var bed = await RepairBed.StartAsync();
        var logId = bed.Inspector.Repair().LogId;
        bed.Exchange(1, 2);

        bed.Inspector.Repair().LogId.ShouldBe(logId);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(3)]
    public async Task SegmentOfAnotherLog_IsRefusedAndSetAside(int segment)
    {
        var (bed, other) = (await RepairBed.StartAsync(), await RepairBed.StartAsync());
        var path = bed.Segments[segment];
        other.Segments[segment].ShouldBe(path);
        bed.Disk.Replace(path, other.Disk.ReadAll(path));
        var rest = bed.Written.Where((_, position) => position / PerSegment != segment).ToList();

        await using var log = new LogBed { Disk = bed.Disk };
        Should.Throw<LogDamagedException>(log.Open).Message.ShouldStartWith($"{path} is of another log");
        bed.Inspector.Check().ShouldContain(item => item.File == path && item.What == "The file is of another log.");
        bed.Dump().ShouldBe(rest);
        var (repair, left) = await bed.RepairAsync();
        repair.LostRecordsMax.ShouldBe(PerSegment);
        repair.DamagedFiles.ShouldContain(path + ".damaged");
        left.ShouldBe(rest);
    }

    [Fact]
    public async Task AsManySegmentsOfAnotherLog_AreLeftToTheOperator()
    {
        var (bed, other) = (await RepairBed.StartAsync(), await RepairBed.StartAsync());
        bed.Disk.Replace(bed.Segments[0], other.Disk.ReadAll(bed.Segments[0]));
        bed.Disk.Replace(bed.Segments[3], other.Disk.ReadAll(bed.Segments[3]));

        await using var log = new LogBed { Disk = bed.Disk };
        var message = Should.Throw<LogDamagedException>(log.Open).Message;
        message.ShouldContain("are of several logs");
        bed.Inspector.Check().ShouldContain(item => item.What == message);
        Should.Throw<LogDamagedException>(bed.Inspector.Repair).Message.ShouldBe(message);
        bed.Files(".damaged").ShouldBeEmpty();
    }

    [Fact]
    public async Task FileThatCannotBeRead_IsReportedAndTheOthersAreDumped()
    {
        var bed = await RepairBed.StartAsync();
        bed.Disk.Inject(new Simulation.DiskFault
        {
            Calls = Simulation.DiskCall.Open, Where = path => path == bed.Segments[1], Every = 1,
        });
        var damage = new List<LogDamage>();
        var count = 0;

        bed.Inspector.Dump(0, _ => ++count > 0, damage.Add);

        count.ShouldBe(bed.Written.Count - PerSegment);
        damage.ShouldContain(item => item.File == bed.Segments[1]);
    }
}
