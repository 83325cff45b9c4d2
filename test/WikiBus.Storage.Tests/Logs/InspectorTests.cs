namespace WikiBus.Storage.Tests.Logs;

public sealed class InspectorTests
{
    [Fact]
    public async Task BitFlippedInEveryByteOfASegment_IsFoundAndNeverServed()
    {
        var bed = await ThreeSegmentsAsync();
        var path = Segments(bed)[1];
        var whole = bed.Disk.ReadAll(path);
        var intact = Dump(bed);
        for (var at = 0; at < whole.Length; at += 13)
        {
            var bytes = (byte[])whole.Clone();
            bytes[at] ^= 4;
            bed.Disk.Replace(path, bytes);
            var damage = Inspector(bed).Check();
            damage.ShouldContain(item => item.File == path && item.From <= at && at < item.To, $"byte {at}");
            Dump(bed).ShouldBeSubsetOf(intact, $"byte {at}");
        }
    }

    [Fact]
    public async Task RepairOfADamagedRecord_KeepsTheOthersAtTheirPlacesAndChangesTheLogId()
    {
        var bed = await ThreeSegmentsAsync();
        var before = Dump(bed);
        var path = Segments(bed)[1];
        var bytes = bed.Disk.ReadAll(path);
        bytes[^500] ^= 1;
        bed.Disk.Replace(path, bytes);

        var repair = Inspector(bed).Repair();
        repair.LostRecordsMax.ShouldBe(1);
        Inspector(bed).Check().ShouldBeEmpty();
        bed.Open();
        bed.Log.LogId.ShouldBe(repair.LogId);
        bed.ReadAll().Count.ShouldBe(before.Count - 1);
        Dump(bed).ShouldBeSubsetOf(before);
        var next = bed.Log.EndPosition;
        (await bed.AppendAsync("a", "next")).ShouldBe(next);
        await bed.CloseAsync();
    }

    [Fact]
    public async Task SegmentWithHoles_IsReadFoundAndRecovered()
    {
        var bed = await ThreeSegmentsAsync();
        foreach (var path in Segments(bed))
        {
            var bytes = bed.Disk.ReadAll(path);
            bytes[bytes.Length / 2] ^= 1;
            bed.Disk.Replace(path, bytes);
        }

        Inspector(bed).Repair().LostRecordsMax!.Value.ShouldBeInRange(1, 3);
        bed.Open();
        var lines = bed.ReadAll();
        foreach (var line in lines)
        {
            var position = long.Parse(line.Split(' ')[0], System.Globalization.CultureInfo.InvariantCulture);
            bed.Log.FindPosition("a", position).ShouldBe(position);
            bed.ReadAll(position: position)[0].ShouldBe(line);
        }

        await bed.ReopenAsync();
        bed.ReadAll().ShouldBe(lines);
        await bed.CloseAsync();
    }

    [Fact]
    public async Task DamagedRecordAmongOthersOfItsFrame_IsTheOnlyOneLost()
    {
        var bed = await OneFrameAsync();
        var before = Dump(bed);
        Change(bed, bytes => bytes[bytes.AsSpan().IndexOf("payload 4"u8)] ^= 1);

        Dump(bed).ShouldBe(before.Where((_, index) => index != 4));
        Inspector(bed).Describe()[0].RecordCount.ShouldBe(before.Count - 1);
        Inspector(bed).Repair().LostRecordsMax.ShouldBe(1);
        Inspector(bed).Check().ShouldBeEmpty();
        Dump(bed).ShouldBe(before.Where((_, index) => index != 4));
        bed.Open();
        bed.ReadAll().Count.ShouldBe(before.Count - 1);
        await bed.CloseAsync();
    }

    [Fact]
    public async Task FrameOfWhichNothingIsLeftBeforeAnEndMark_CountsAsLost()
    {
        var bed = await OneFrameAsync();
        var count = Dump(bed).Count;
        Change(bed, bytes =>
        {
            var record = bytes.AsSpan(0, bytes.AsSpan().IndexOf("payload 0"u8));
            bytes[record.LastIndexOf("BRM"u8) + 4] ^= 1;
        });

        Inspector(bed).Repair().LostRecordsMax.ShouldBe(count);
        Dump(bed).ShouldBeEmpty();
    }

    private static LogInspector Inspector(LogBed bed) => new(LogBed.Directory, bed.Disk);

    private static List<string> Dump(LogBed bed)
    {
        var lines = new List<string>();
        Inspector(bed).Dump(0, record =>
        {
            lines.Add($"{record.Position} {record.Stream}@{record.Offset} {record.Payload.Length}");
            return true;
        });
        return lines;
    }

    private static List<string> Segments(LogBed bed) => [.. bed.Disk.ListFiles(LogBed.Directory)
        .Where(name => name.EndsWith(".segment", StringComparison.Ordinal))
        .Order(StringComparer.Ordinal)
        .Select(name => $"{LogBed.Directory}/{name}")];

    private static void Change(LogBed bed, Action<byte[]> change)
    {
        var bytes = bed.Disk.ReadAll(Segments(bed)[0]);
        change(bytes);
        bed.Disk.Replace(Segments(bed)[0], bytes);
    }

    /// <summary>One segment, with one frame of records and an end mark.</summary>
    private static async Task<LogBed> OneFrameAsync()
    {
        var bed = LogBed.Start();
        await bed.AppendAsync([.. Enumerable.Range(0, 8).Select(index => LogBed.Draft("a", $"payload {index}"))]);
        await bed.CloseAsync();
        return bed;
    }

    private static async Task<LogBed> ThreeSegmentsAsync()
    {
        var bed = LogBed.Start(options => options with { SegmentBytesMax = 4096 });
        for (var index = 0; index < 9; index++)
        {
            await bed.AppendAsync("a", new string('x', 1000 + index));
        }

        await bed.CloseAsync();
        Segments(bed).Count.ShouldBe(3);
        return bed;
    }
}
