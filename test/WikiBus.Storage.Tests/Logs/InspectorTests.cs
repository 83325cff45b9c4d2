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

        Inspector(bed).Repair().LostRecordsMax.ShouldBeInRange(1, 3);
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
