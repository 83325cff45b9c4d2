using WikiBus.Storage.Tests.Logs;

namespace WikiBus.Storage.Tests.Inspection;

/// <summary>
/// Logs damaged by chance, in one to three places: a repair never claims less than it loses, keeps every record whose
/// frame is intact in any file, invents and doubles nothing, and leaves an intact log that takes records.
/// </summary>
public sealed class RepairFuzzTests
{
    /// <summary>A repair of a log with several segments costs this many times a case of the cheap targets.</summary>
    private const int Share = 500;

    private const int DamagesMax = 3;

    [Fact]
    public async Task RepairOfADamagedLog_ClaimsNoLessThanItLosesAndKeepsWhatIsIntact()
    {
        RepairBed[] beds =
        [
            await RepairBed.StartAsync(),
            await RepairBed.StartAsync(isStoppedGracefully: false),
            await RepairBed.StartAsync(segmentCount: 2),
        ];
        await Fuzzer.FromEnvironment(Share).RunAsync(async random =>
        {
            var bed = beds[random.Next(beds.Length)].Copy();
            var frames = bed.Frames();
            var told = new List<string>();
            for (var count = random.Next(1, DamagesMax + 1); count > 0; count--)
            {
                told.Add(Damage(bed, random));
            }

            await RepairAsync(bed, frames, string.Join("; ", told));
        });
    }

    private static async Task RepairAsync(RepairBed bed, List<(int At, byte[] Bytes)> frames, string told)
    {
        var files = bed.Files(".segment").Select(name => bed.Disk.ReadAll($"{LogBed.Directory}/{name}")).ToList();
        if (files.Count == 0)
        {
            Should.Throw<LogDamagedException>(bed.Inspector.Repair, told);
            return;
        }

        var (repair, left) = await bed.RepairAsync();
        left.ShouldBe(bed.Written.Where(left.Contains), told);
        var lost = bed.Written.Count - left.Count;
        (repair.LostRecordsMax ?? long.MaxValue).ShouldBeGreaterThanOrEqualTo(lost, told);
        repair.LostRecordsMax?.ShouldBeInRange(0, bed.Written.Count, told);
        var intact = bed.Written.Where((_, position) => files.Exists(file => IsIn(file, frames[position])));
        intact.ShouldBeSubsetOf(left, told);
    }

    private static bool IsIn(byte[] file, (int At, byte[] Bytes) frame) =>
        file.AsSpan(Math.Min(file.Length, frame.At)).StartsWith(frame.Bytes);

    /// <summary>Does one damage; returns what it did.</summary>
    private static string Damage(RepairBed bed, Random random)
    {
        var paths = bed.Files(".segment").ConvertAll(name => $"{LogBed.Directory}/{name}");
        if (paths.Count == 0)
        {
            return "nothing is left to damage";
        }

        var path = paths[random.Next(paths.Count)];
        var other = paths[random.Next(paths.Count)];
        var bytes = bed.Disk.ReadAll(path);
        switch (random.Next(8))
        {
            case 0 when bytes.Length > 0:
                var at = random.Next(bytes.Length);
                bytes[at] ^= (byte)(1 << random.Next(8));
                bed.Disk.Replace(path, bytes);
                return $"bit flipped in byte {at} of {path}";
            case 1 when bytes.Length > 0:
                var inHeader = random.Next(Math.Min(96, bytes.Length));
                bytes[inHeader] ^= (byte)(1 << random.Next(8));
                bed.Disk.Replace(path, bytes);
                return $"bit flipped in header byte {inHeader} of {path}";
            case 2 when bytes.Length > 0:
                var length = UnalignedLength(bytes, random);
                bed.Disk.Replace(path, bytes[..length]);
                return $"{path} cut to {length} bytes";
            case 3:
                bed.Disk.Replace(path, []);
                return $"{path} emptied";
            case 4:
                var copy = NextName(paths, bed);
                bed.Disk.Replace(copy, bytes);
                return $"{path} copied to {copy}";
            case 5:
                bed.Disk.Replace(other, bytes);
                return $"{path} copied over {other}";
            case 6:
                bed.Disk.Replace(path, bed.Disk.ReadAll(other));
                bed.Disk.Replace(other, bytes);
                return $"{path} exchanged with {other}";
            case 7 when path != bed.Segments[0]:
                // A log without its first segments looks as if retention had deleted them.
                bed.Disk.Delete(path);
                return $"{path} deleted";
            default:
                return "nothing";
        }
    }

    /// <summary>
    /// A place inside of a frame. A log that was killed and then cut between two frames looks intact.
    /// </summary>
    private static int UnalignedLength(byte[] bytes, Random random)
    {
        var length = random.Next(1, bytes.Length + 1);
        return length % 8 == 0 ? length - 1 : length;
    }

    private static string NextName(List<string> paths, RepairBed bed)
    {
        var number = paths.Max(path => int.Parse(
            Path.GetFileName(path)[..8], System.Globalization.CultureInfo.InvariantCulture)) + 1;
        return $"{LogBed.Directory}/{number:D8}-{bed.Written.Count:D20}.segment";
    }
}
