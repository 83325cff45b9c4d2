using System.Text;
using WikiBus.Storage.Tests.Simulation;

namespace WikiBus.Storage.Tests.Logs;

/// <summary>
/// Segments damaged by chance: no reader crashes or hangs, or returns a record that was not written.
/// </summary>
public sealed class SegmentFuzzTests
{
    /// <summary>Opening a log costs more than walking a segment: one case in this number is opened, too.</summary>
    private const int CasesPerOpen = 100;

    [Fact]
    public async Task DamagedSegment_NeverServesWhatWasNotWritten()
    {
        var (disk, path, written) = await LogAsync();
        var whole = disk.ReadAll(path);
        var fuzzer = Fuzzer.FromEnvironment();
        var servedWhole = 0;
        await fuzzer.RunAsync(async random =>
        {
            disk.Replace(path, Damage(whole, random));
            var served = Walk(disk);
            served.ShouldBeSubsetOf(written);
            servedWhole += served.Count == written.Count ? 1 : 0;
            if (random.OneIn(CasesPerOpen))
            {
                (await OpenAndReadAsync(disk.Copy())).ShouldBeSubsetOf(written);
            }
        });

        // Damage that hardly ever hits would prove nothing.
        servedWhole.ShouldBeLessThan((fuzzer.Cases / 2) + 1);
    }

    private static HashSet<string> Walk(SimulatedDisk disk)
    {
        var served = new HashSet<string>(StringComparer.Ordinal);
        var inspector = new LogInspector(LogBed.Directory, disk);
        inspector.Dump(0, record => served.Add(Text(record)));
        inspector.Check();
        return served;
    }

    private static async Task<List<string>> OpenAndReadAsync(SimulatedDisk disk)
    {
        var served = new List<string>();
        await using var bed = new LogBed { Disk = disk };
        try
        {
            bed.Open();
            using var reader = bed.Log.OpenReader(0);
            using var batch = new RecordBatch();
            while (reader.Read(batch))
            {
                served.AddRange(batch.Records.Select(Text));
            }
        }
        catch (LogDamagedException)
        {
            // To refuse the damage is the right outcome.
        }

        return served;
    }

    private static byte[] Damage(byte[] whole, Random random)
    {
        var bytes = (byte[])whole.Clone();
        for (var count = random.Next(1, 4); count > 0; count--)
        {
            var at = random.Next(bytes.Length);
            var length = random.Next(1, Math.Min(200, bytes.Length - at + 1));
            switch (random.Next(6))
            {
                case 0:
                    bytes[at] ^= (byte)(1 << random.Next(8));
                    break;
                case 1:
                    random.NextBytes(bytes.AsSpan(at, length));
                    break;
                case 2:
                    bytes.AsSpan(at, length).Clear();
                    break;
                case 3:
                    bytes = bytes[..Math.Max(1, at)];
                    break;
                case 4:
                    bytes = [.. bytes[..at], .. bytes[at..(at + length)], .. bytes[at..]];
                    break;
                default:
                    // Lengths and counts of the largest values.
                    var filler = random.Next(2) == 0 ? (byte)0x7F : (byte)0xFF;
                    bytes.AsSpan(at, Math.Min(4, bytes.Length - at)).Fill(filler);
                    break;
            }
        }

        return bytes;
    }

    private static string Text(LogRecord record) => string.Join(
        ' ', record.Position, record.Stream, record.Offset, record.TimeMs,
        Encoding.UTF8.GetString(record.Payload.Span));

    /// <summary>A log of one segment as a killed process leaves it; its records.</summary>
    private static async Task<(SimulatedDisk Disk, string Path, HashSet<string> Written)> LogAsync()
    {
        await using var bed = LogBed.Start();
        for (var index = 0; index < 6; index++)
        {
            await bed.AppendAsync(
                LogBed.Draft("a", $"first of {index}", $"id-{index}"),
                LogBed.Draft($"s{index}", new string('x', index * 20)));
        }

        var disk = bed.Disk.Copy();
        var written = new HashSet<string>(StringComparer.Ordinal);
        new LogInspector(LogBed.Directory, disk).Dump(0, record => written.Add(Text(record)));
        written.Count.ShouldBe(12);
        return (disk, bed.Segments()[0], written);
    }
}
