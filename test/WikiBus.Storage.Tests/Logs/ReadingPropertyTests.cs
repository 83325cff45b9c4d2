using System.Globalization;
using System.Text;

namespace WikiBus.Storage.Tests.Logs;

/// <summary>
/// By property: frames and records of any size, any bytes a read, any filter, any start, over sealed segments and the
/// one that grows. Every reader gets exactly what the files hold, in order, and each read makes progress.
/// </summary>
public sealed class ReadingPropertyTests
{
    private const int CaseCount = 60;
    private const int ReadersPerCase = 12;

    /// <summary>Records that a case may have in all, so that a quadratic reader would still end.</summary>
    private const int RecordsMax = 20_000;

    private const long BytesMax = 12 << 20;

    public static TheoryData<int> Seeds => [.. Enumerable.Range(0, CaseCount)];

    [Theory]
    [MemberData(nameof(Seeds))]
    public async Task AnyReader_GetsExactlyWhatTheFilesHold(int seed)
    {
        var random = new Random(seed);
        await using var bed = LogBed.Start(options => options with
        {
            SegmentBytesMax = random.Next(4) == 0 ? 256L << 20 : 64 * 1024 << random.Next(6),
            FrameBytesMax = 4096 << random.Next(11),
        });
        await FillAsync(bed, random);
        var held = Dump(bed);
        for (var reader = 0; reader < ReadersPerCase; reader++)
        {
            Read(bed, held, random);
            Find(bed, held, random);
        }

        await bed.ReopenAsync();
        Read(bed, held, random);
        Find(bed, held, random);
    }

    // The request that could not be read past its first megabyte.
    [Theory]
    [InlineData(5_000, 300)]
    [InlineData(65_536, 1)]
    [InlineData(3, 3_000_000)]
    public async Task RequestOfAnySize_IsReadWholeFromAnywhereInIt(int count, int payloadBytes)
    {
        await using var bed = LogBed.Start();
        await bed.AppendAsync("before", "x");
        var drafts = Enumerable.Range(0, count).Select(index => LogBed.Draft("big", Text(index, payloadBytes)));
        (await bed.AppendAsync([.. drafts])).Status.ShouldBe(AppendStatus.Stored);
        await bed.AppendAsync("behind", "x");
        var held = Dump(bed);
        foreach (var start in new[] { 0, 1, 2, count / 2, count - 1, count, count + 1 })
        {
            foreach (var bytesMax in new[] { 1, 4096, 64 * 1024, 16 << 20 }.Where(bytes => bytes > 1 || count < 10_000))
            {
                ReadFrom(bed, start, bytesMax, filter: null).ShouldBe(held[start..]);
                ReadFrom(bed, start, bytesMax, OnlyStreams("behind")).ShouldBe(held[^1..]);
            }
        }
    }

    private static async Task FillAsync(LogBed bed, Random random)
    {
        var (records, bytes) = (0, 0L);
        for (var requests = random.Next(1, 60); requests > 0 && records < RecordsMax && bytes < BytesMax; requests--)
        {
            var count = random.Next(3) switch { 0 => 1, 1 => random.Next(1, 50), _ => random.Next(1, 6_000) };
            var largest = random.Next(6) switch { 0 => 2_000_000, 1 => 100_000, _ => 600 };
            largest = Math.Min(largest, (int)(BytesMax / count));
            var drafts = Enumerable.Range(0, count)
                .Select(index => LogBed.Draft($"s{random.Next(4)}", Text(index, random.Next(1, largest))))
                .Append(LogBed.Draft(random.Next(20) == 0 ? "rare" : "s0", "last"))
                .ToArray();
            (await bed.AppendAsync(drafts)).Status.ShouldBe(AppendStatus.Stored);
            records += drafts.Length;
            bytes += drafts.Sum(static draft => (long)draft.Payload.Length);
        }
    }

    private static void Read(LogBed bed, List<Held> held, Random random)
    {
        var start = random.Next(3) == 0 ? 0 : random.Next(held.Count + 1);
        var bytesMax = random.Next(4) switch { 0 => 1, 1 => 4096, 2 => 64 * 1024, _ => random.Next(1, 4 << 20) };
        if (held.Count > 5_000)
        {
            bytesMax = Math.Max(bytesMax, 4096);
        }

        var last = held[^1].Position;
        (ReadFilter? Filter, Func<Held, bool> Wants) wanted = random.Next(6) switch
        {
            0 => (null, static _ => true),
            1 => (OnlyStreams("none"), static _ => false),
            2 => (OnlyStreams("rare"), static record => record.Stream == "rare"),
            3 => (OnlyStreams("s1", "s2"), static record => record.Stream is "s1" or "s2"),
            4 => (new ReadFilter { Header = static _ => false }, static _ => false),
            _ => (new ReadFilter { Header = record => record.Position == last }, record => record.Position == last),
        };
        ReadFrom(bed, start, bytesMax, wanted.Filter).ShouldBe(held.Skip(start).Where(wanted.Wants));
    }

    private static void Find(LogBed bed, List<Held> held, Random random)
    {
        foreach (var stream in new[] { "s0", "s1", "rare", "none" })
        {
            var start = random.Next(held.Count + 1);
            var next = held.Skip(start).FirstOrDefault(record => record.Stream == stream);
            bed.Log.FindFrom(stream, start).ShouldBe(next is null ? null : (next.Position, next.Offset));
        }
    }

    private static List<Held> ReadFrom(LogBed bed, long start, int bytesMax, ReadFilter? filter)
    {
        var found = new List<Held>();
        using var reader = bed.Log.OpenReader(start, filter);
        using var batch = new RecordBatch();
        for (var before = start; reader.Read(batch, bytesMax); before = reader.Position)
        {
            reader.Position.ShouldBeGreaterThan(before, "a read moves or reports the end");
            found.AddRange(batch.Records.Select(Held.Of));
        }

        batch.Records.ShouldBeEmpty();
        reader.Position.ShouldBe(bed.Log.EndPosition);
        return found;
    }

    private static List<Held> Dump(LogBed bed)
    {
        var held = new List<Held>();
        new LogInspector(LogBed.Directory, bed.Disk).Dump(0, record =>
        {
            held.Add(Held.Of(record));
            return true;
        });
        return held;
    }

    private static ReadFilter OnlyStreams(params string[] streams) =>
        new() { Streams = streams.ToHashSet(StringComparer.Ordinal) };

    private static string Text(int index, int length) =>
        index.ToString(CultureInfo.InvariantCulture).PadRight(length, 'x');

    /// <summary>What distinguishes one record from another.</summary>
    private sealed record Held(long Position, string Stream, long Offset, int Bytes, string Start)
    {
        private const int StartBytes = 8;

        public static Held Of(LogRecord record) => new(
            record.Position, record.Stream, record.Offset, record.Payload.Length,
            Encoding.ASCII.GetString(record.Payload.Span[..Math.Min(StartBytes, record.Payload.Length)]));
    }
}
