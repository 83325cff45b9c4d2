using WikiBus.Storage.Indexes;
using WikiBus.Storage.Records;
using WikiBus.Storage.Segments;
using WikiBus.Storage.Tests.Simulation;

namespace WikiBus.Storage.Tests.Indexes;

public sealed class IdFileTests
{
    private const string FilePath = "/data/1.ids";

    private static readonly SegmentHeader s_header = new()
    {
        LogId = Guid.Empty,
        Number = 1,
        FirstPosition = 0,
        PredecessorEnd = 0,
        Salt = 7,
    };

    private readonly SimulatedDisk _disk = SimulatedDisk.WithDirectory("/data");

    [Theory]
    [InlineData(0, true)]
    [InlineData(1, true)]
    [InlineData(170, false)]
    [InlineData(171, true)]
    [InlineData(20_000, true)]
    [InlineData(20_000, false)]
    public void EveryId_IsFound(int count, bool hasFilterInMemory)
    {
        using var reader = Write(count);
        if (hasFilterInMemory)
        {
            reader.TryLoadFilter().ShouldBeTrue();
        }

        var positions = new List<long>();
        for (var index = 0; index < count; index++)
        {
            positions.Clear();
            reader.TryFind(Key(index), positions).ShouldBeTrue();
            positions.ShouldBe([index]);
        }

        positions.Clear();
        reader.TryFind(Key(count), positions).ShouldBeTrue();
        positions.ShouldBeEmpty();
        reader.ReadAll()!.Length.ShouldBe(count);
    }

    [Fact]
    public void IdInUseManyTimes_HasAllItsPositions()
    {
        var entries = Entries(500).Concat(Enumerable.Range(500, 1000).Select(index => Entry(Key(7), index)));
        using var reader = Write([.. entries]);
        var positions = new List<long>();
        reader.TryFind(Key(7), positions).ShouldBeTrue();
        positions.Order().ShouldBe([7, .. Enumerable.Range(500, 1000).Select(index => (long)index)]);
    }

    [Fact]
    public void IdsThatAreNotThere_CostNoReadingButOneInAHundred()
    {
        const int Count = 20_000;
        using var reader = Write(Count);
        reader.TryLoadFilter().ShouldBeTrue();
        _disk.PowerCutCalls = DiskCall.Read;
        var before = _disk.CallCount;
        var misses = 0;
        for (var index = Count; index < 2 * Count; index++)
        {
            var calls = _disk.CallCount;
            reader.TryFind(Key(index), []).ShouldBeTrue();
            misses += _disk.CallCount == calls ? 0 : 1;
        }

        misses.ShouldBeLessThan(Count / 100);
        (_disk.CallCount - before).ShouldBeLessThan(misses * 5);
        _disk.CallCount.ShouldBeGreaterThan(before);
    }

    [Fact]
    public void DamagedBlock_IsNoticed()
    {
        Write(500).Dispose();
        var bytes = _disk.ReadAll(FilePath);
        for (var at = 100; at < bytes.Length; at += IdFile.BlockLength)
        {
            bytes[at] ^= 1;
            _disk.Replace(FilePath, bytes);
            using var reader = IdFileReader.TryOpen(_disk, FilePath, s_header)!;
            Enumerable.Range(0, 500).All(index => reader.TryFind(Key(index), [])).ShouldBeFalse();
            bytes[at] ^= 1;
        }
    }

    private IdFileReader Write(int count) => Write(Entries(count));

    private IdFileReader Write(IdEntry[] entries)
    {
        _disk.Replace(FilePath, IdFile.Write(new SegmentIndex(s_header), entries, EventTimes.Unknown));
        return IdFileReader.TryOpen(_disk, FilePath, s_header)!;
    }

    private static IdEntry[] Entries(int count) =>
        [.. Enumerable.Range(0, count).Select(index => Entry(Key(index), index))];

    private static IdEntry Entry(ulong key, int index) => new(key, 0, index, IsConflict: false);

    private static ulong Key(int index) => IdentityHash.Of(1, "stream"u8, BitConverter.GetBytes(index));
}
