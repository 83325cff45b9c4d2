using System.Text;
using WikiBus.Storage.Frames;
using WikiBus.Storage.Segments;
using WikiBus.Storage.Tests.Logs;
using WikiBus.Storage.Tests.Simulation;

namespace WikiBus.Storage.Tests.Inspection;

/// <summary>A closed log of several segments that tests damage and repair; what was written to it is known.</summary>
internal sealed class RepairBed
{
    public const int RecordsPerSegment = 3;

    private RepairBed(SimulatedDisk disk, List<string> segments, List<string> written) =>
        (Disk, Segments, Written) = (disk, segments, written);

    public SimulatedDisk Disk { get; }

    /// <summary>The segments' paths before any damage, in order.</summary>
    public List<string> Segments { get; }

    /// <summary>Every record, in order.</summary>
    public List<string> Written { get; }

    public LogInspector Inspector => new(LogBed.Directory, Disk);

    /// <param name="isStoppedGracefully">False: the process was killed after the last record.</param>
    /// <param name="segmentCount">The number of segments.</param>
    public static async Task<RepairBed> StartAsync(bool isStoppedGracefully = true, int segmentCount = 4)
    {
        await using var bed = LogBed.Start(options => options with { SegmentBytesMax = 4096 });
        for (var index = 0; index < segmentCount * RecordsPerSegment; index++)
        {
            await bed.AppendAsync(index % 2 == 0 ? "a" : "b", new string((char)('a' + index), 1000), $"id-{index}");
        }

        if (isStoppedGracefully)
        {
            await bed.CloseAsync();
        }

        var disk = bed.Disk.Copy();
        bed.Segments().Count.ShouldBe(segmentCount);
        return new RepairBed(disk, bed.Segments(), Dump(disk));
    }

    public RepairBed Copy() => new(Disk.Copy(), Segments, Written);

    public List<string> Dump() => Dump(Disk);

    public List<string> Files(string extension) => [.. Disk.ListFiles(LogBed.Directory)
        .Where(name => name.EndsWith(extension, StringComparison.Ordinal))
        .Order(StringComparer.Ordinal)];

    /// <summary>For each record its frame, which holds it alone: the place in its segment, and the bytes.</summary>
    public List<(int At, byte[] Bytes)> Frames()
    {
        var frames = new List<(int, byte[])>();
        foreach (var path in Segments)
        {
            using var file = Disk.Open(path, StorageFileMode.Read);
            SegmentHeader.TryRead(file, out var header);
            var scanner = new FrameScanner(file, SegmentHeader.Length, file.Length, header!.Salt);
            while (scanner.Next())
            {
                if (scanner.Frame.Kind == FrameKind.Records)
                {
                    var bytes = new byte[scanner.Frame.EndOffset - scanner.Frame.FileOffset];
                    file.Read(scanner.Frame.FileOffset, bytes);
                    frames.Add(((int)scanner.Frame.FileOffset, bytes));
                }
            }
        }

        return frames;
    }

    public void Flip(int segment, int at)
    {
        var bytes = Disk.ReadAll(Segments[segment]);
        bytes[at] ^= 1;
        Disk.Replace(Segments[segment], bytes);
    }

    /// <summary>Flips a bit of the payload of a record.</summary>
    public void FlipRecord(int position)
    {
        var payload = Encoding.UTF8.GetBytes(new string((char)('a' + position), 900));
        var segment = position / RecordsPerSegment;
        Flip(segment, Disk.ReadAll(Segments[segment]).AsSpan().IndexOf(payload));
    }

    public void Cut(int segment, int length) =>
        Disk.Replace(Segments[segment], Disk.ReadAll(Segments[segment])[..length]);

    /// <summary>The files of two segments change names.</summary>
    public void Exchange(int first, int second)
    {
        var bytes = Disk.ReadAll(Segments[first]);
        Disk.Replace(Segments[first], Disk.ReadAll(Segments[second]));
        Disk.Replace(Segments[second], bytes);
    }

    /// <summary>Repairs, and expects an intact log that opens, takes records, and needs no second repair.</summary>
    /// <returns>What the repair said, and what is left.</returns>
    public async Task<(LogRepair Repair, List<string> Left)> RepairAsync()
    {
        var repair = Inspector.Repair();
        Inspector.Check().ShouldBeEmpty();
        var again = Inspector.Repair();
        again.Damage.ShouldBeEmpty();
        again.LostRecordsMax.ShouldBe(0);
        again.LogId.ShouldBe(repair.LogId);
        var left = Dump();
        await using var bed = new LogBed { Disk = Disk };
        bed.Open();
        bed.Log.LogId.ShouldBe(repair.LogId);
        bed.ReadAll().Select(line => line.Split(' ')[0]).ShouldBe(left.Select(line => line.Split(' ')[0]));
        await bed.AppendAsync("a", "next");
        await bed.ReopenAsync();
        bed.ReadAll().Count.ShouldBe(left.Count + 1);
        return (repair, left);
    }

    private static List<string> Dump(SimulatedDisk disk)
    {
        var lines = new List<string>();
        new LogInspector(LogBed.Directory, disk).Dump(0, record =>
        {
            lines.Add($"{record.Position} {record.Stream}@{record.Offset} {record.TimeMs} "
                + $"{Encoding.UTF8.GetString(record.Id.Span)} {Encoding.UTF8.GetString(record.Payload.Span)}");
            return true;
        });
        return lines;
    }
}
