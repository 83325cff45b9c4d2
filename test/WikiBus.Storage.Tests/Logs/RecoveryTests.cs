using WikiBus.Storage.Segments;

namespace WikiBus.Storage.Tests.Logs;

public sealed class RecoveryTests
{
    private const string FirstSegment = LogBed.Directory + "/00000001-00000000000000000000.segment";

    [Fact]
    public async Task TailCutAtEveryByteOfTheLastFrame_OnlyThatFrameIsLost()
    {
        var (disk, before, after) = await TwoFramesWithoutEndMarkAsync();
        var whole = disk.ReadAll(FirstSegment);
        for (var length = before; length < after; length++)
        {
            var cut = disk.Copy();
            cut.Replace(FirstSegment, whole[..length]);
            await using var bed = new LogBed { Disk = cut };
            bed.Open();
            bed.ReadAll().ShouldBe(["0 a@0 first!"], $"cut to {length} bytes");
            await bed.AppendAsync("a", "again");
            bed.ReadAll().ShouldBe(["0 a@0 first!", "1 a@1 again"]);
        }
    }

    [Fact]
    public async Task BitFlippedInEveryByteOfAnEarlierFrame_LogRefusesAndSaysWhere()
    {
        var (disk, before, _) = await TwoFramesWithoutEndMarkAsync();
        var whole = disk.ReadAll(FirstSegment);
        for (var at = 0; at < before; at++)
        {
            var damaged = disk.Copy();
            var bytes = (byte[])whole.Clone();
            bytes[at] ^= 0x10;
            damaged.Replace(FirstSegment, bytes);
            await using var bed = new LogBed { Disk = damaged };
            var refusal = Should.Throw<LogDamagedException>(bed.Open, $"bit flipped in byte {at}");
            refusal.Message.ShouldContain(FirstSegment);
        }
    }

    [Fact]
    public async Task DamagedLastFrameWithoutEndMark_IsCutAndReportedWithItsRange()
    {
        var (disk, before, after) = await TwoFramesWithoutEndMarkAsync();
        var bytes = disk.ReadAll(FirstSegment);
        bytes[before + 60] ^= 1;
        disk.Replace(FirstSegment, bytes);

        await using var bed = new LogBed { Disk = disk };
        bed.Options = bed.Options with { OnNotice = bed.Take };
        bed.Open();
        bed.ReadAll().ShouldBe(["0 a@0 first!"]);
        var notice = bed.Notices.ShouldHaveSingleItem();
        notice.Severity.ShouldBe(LogNoticeSeverity.Error);
        notice.Message.ShouldContain($"bytes {before} to ");
        notice.Message.ShouldContain(FirstSegment);
    }

    [Fact]
    public async Task DamagedLastFrameBeforeAnEndMark_IsRefused()
    {
        await using var bed = LogBed.Start();
        await bed.AppendAsync("a", "first!");
        await bed.CloseAsync();
        DeleteCompanions(bed);
        var bytes = bed.Disk.ReadAll(FirstSegment);
        bytes[bed.Disk.EndOfFrames(FirstSegment) - 100] ^= 1;
        bed.Disk.Replace(FirstSegment, bytes);
        Should.Throw<LogDamagedException>(bed.Open);
    }

    // With its index no frame has to be walked, but the streams before the segment are read.
    [Fact]
    public async Task DamagedStreamTableAfterACleanStop_IsRefused()
    {
        var bed = LogBed.Start();
        await bed.AppendAsync("a", "first");
        await bed.CloseAsync();
        var bytes = bed.Disk.ReadAll(FirstSegment);
        bytes[SegmentHeader.Length + 4] ^= 1;
        bed.Disk.Replace(FirstSegment, bytes);

        var refusal = Should.Throw<LogDamagedException>(bed.Open);
        refusal.Message.ShouldContain($"{FirstSegment} is damaged at byte {SegmentHeader.Length}");
        refusal.Message.ShouldContain("wikibus log repair");
    }

    [Fact]
    public async Task CleanStop_NothingIsReportedAndNoFrameIsWalked()
    {
        await using var bed = LogBed.Start();
        await bed.AppendAsync("a", "first!", "id");
        await bed.ReopenAsync();
        await bed.AppendAsync("b", "second", "id");
        await bed.ReopenAsync();

        (await bed.AppendAsync(LogBed.Draft("a", "first!", "id"))).Records[0].IsDuplicate.ShouldBeTrue();
        (await bed.AppendAsync(LogBed.Draft("b", "second", "id"))).Records[0].IsDuplicate.ShouldBeTrue();
        bed.ReadAll().ShouldBe(["0 a@0 first!", "1 b@0 second"]);
        bed.Notices.ShouldBeEmpty();
    }

    [Fact]
    public async Task NewerVersions_AreRefused()
    {
        var (disk, before, _) = await TwoFramesWithoutEndMarkAsync();
        var bytes = disk.ReadAll(FirstSegment);
        bytes[8]++;
        BitConverter.TryWriteBytes(bytes.AsSpan(92), Frames.Crc32C.Compute(bytes.AsSpan(0, 92)));
        disk.Replace(FirstSegment, bytes);
        await using var bed = new LogBed { Disk = disk };
        Should.Throw<LogDamagedException>(bed.Open).Message.ShouldContain("newer");
    }

    [Fact]
    public async Task MissingSegment_IsRefused()
    {
        await using var bed = LogBed.Start(options => options with { SegmentBytesMax = 4096 });
        for (var index = 0; index < 10; index++)
        {
            await bed.AppendAsync("a", new string('x', 2000));
        }

        await bed.CloseAsync();
        var segments = bed.Disk.ListFiles(LogBed.Directory)
            .Where(name => name.EndsWith(".segment", StringComparison.Ordinal))
            .Order(StringComparer.Ordinal)
            .ToList();
        segments.Count.ShouldBeGreaterThan(3);
        bed.Disk.Delete($"{LogBed.Directory}/{segments[1]}");
        Should.Throw<LogDamagedException>(bed.Open).Message.ShouldContain("Segment 2 is missing");
    }

    [Fact]
    public async Task SecondOpen_IsRefusedByTheLock()
    {
        await using var bed = LogBed.Start();
        Should.Throw<IOException>(() => EventLog.Open(LogBed.Directory, bed.Options, bed.Disk, bed.Time));
    }

    [Fact]
    public async Task PayloadThatQuotesTheSegment_IsNoFrame()
    {
        await using var bed = LogBed.Start();
        await bed.AppendAsync("a", "first!");
        var quoted = bed.Disk.ReadAll(FirstSegment);
        var draft = new RecordDraft { Stream = "a", Payload = quoted.Concat(quoted).ToArray() };
        (await bed.AppendAsync(draft)).Status.ShouldBe(AppendStatus.Stored);
        var end = bed.Disk.EndOfFrames(FirstSegment);
        var disk = bed.Disk.Copy();
        disk.Replace(FirstSegment, disk.ReadAll(FirstSegment)[..(end - 1)]);

        await using var reopened = new LogBed { Disk = disk };
        reopened.Open();
        reopened.ReadAll().ShouldBe(["0 a@0 first!"]);
    }

    [Fact]
    public async Task LostIndexAndIdFiles_AreMadeAgain()
    {
        await using var bed = LogBed.Start(options => options with { SegmentBytesMax = 4096 });
        for (var index = 0; index < 20; index++)
        {
            await bed.AppendAsync("a", $"{index}" + new string('x', 1000), $"id-{index}");
        }

        await bed.CloseAsync();
        DeleteCompanions(bed);
        bed.Open();
        bed.Log.FindPosition("a", 11).ShouldBe(11);
        for (var index = 0; index < 20; index++)
        {
            var result = await bed.AppendAsync(LogBed.Draft("a", $"{index}" + new string('x', 1000), $"id-{index}"));
            result.Records[0].ShouldBe(new RecordOutcome(index, index, IsDuplicate: true));
        }
    }

    private static void DeleteCompanions(LogBed bed)
    {
        var names = bed.Disk.ListFiles(LogBed.Directory).Where(name => SegmentName.TryParseCompanion(name, out _));
        foreach (var name in names)
        {
            bed.Disk.Delete($"{LogBed.Directory}/{name}");
        }
    }

    /// <summary>A log whose process died after two frames; where the second one begins and ends.</summary>
    private static async Task<(Simulation.SimulatedDisk Disk, int Before, int After)> TwoFramesWithoutEndMarkAsync()
    {
        await using var bed = LogBed.Start();
        await bed.AppendAsync("a", "first!");
        var before = bed.Disk.EndOfFrames(FirstSegment);
        await bed.AppendAsync("a", "second");
        var after = bed.Disk.EndOfFrames(FirstSegment);
        return (bed.Disk.Copy(), before, after);
    }
}
