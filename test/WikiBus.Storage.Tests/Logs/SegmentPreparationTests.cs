using Microsoft.Extensions.Time.Testing;
using WikiBus.Storage.Frames;
using WikiBus.Storage.Segments;
using WikiBus.Storage.Tests.Simulation;
using WikiBus.Storage.Writing;

namespace WikiBus.Storage.Tests.Logs;

public sealed class SegmentPreparationTests : IDisposable
{
    private const string Directory = "/data/log";
    private const long Length = 16 << 20;
    private const long PieceBytes = 1 << 20;

    private readonly SimulatedDisk _disk = SimulatedDisk.WithDirectory(Directory);
    private readonly FakeTimeProvider _time = new();
    private readonly EventLogOptions _options = new() { FreeBytesMin = 0 };
    private readonly SpaceReservations _reservations = new();
    private readonly SegmentFactory _factory;
    private readonly SegmentPreparation _preparation;

    public SegmentPreparationTests()
    {
        _factory = new SegmentFactory(_disk, Directory);
        _preparation = new SegmentPreparation(_disk, Directory, _factory, _reservations, _options, _time);
    }

    [Theory]
    [InlineData(0.0, 0)]
    [InlineData(0.5, 0)]
    [InlineData(0.51, 1)]
    [InlineData(0.69, 9)]
    [InlineData(0.874, 16)]
    public void FilledPart_IsInStepWithTheSegmentInUse(double used, int pieces)
    {
        _preparation.IsDue(used).ShouldBe(pieces > 0);
        _preparation.Run(0, used, default);
        Filled().ShouldBe(pieces * PieceBytes);
        _preparation.IsDue(used).ShouldBeFalse();
    }

    [Fact]
    public void WholeFile_BecomesTheNextSegmentsAndTheOneAfterItIsLonger()
    {
        _preparation.Run(0, 1, default);
        _factory.PreparedLength.ShouldBe(Length);
        _preparation.IsDue(1).ShouldBeFalse("one is ready");

        _factory.Create(Header(1), new FrameBuffer(0), FrameKind.StreamTable).Dispose();
        _preparation.IsDue(1).ShouldBeTrue();
        _preparation.Run(Length, 1, default);
        _factory.PreparedLength.ShouldBe(4 * Length);
    }

    [Fact]
    public void SpaceThatTheWriterIsAboutToUse_IsNotFilled()
    {
        _preparation.Run(0, 0.51, default);
        Filled().ShouldBe(PieceBytes);
        var free = _disk.FreeBytes(Directory);
        _reservations.Add(free - (10 * PieceBytes));
        _preparation.Run(0, 0.7, default);
        Filled().ShouldBe(0, "the rest of the file has no room");
        _reservations.Bytes.ShouldBe(free - (10 * PieceBytes), "it takes back its own reservations");
    }

    [Fact]
    public void SpaceThatThePreparationIsAboutToUse_IsRefusedToTheWriter()
    {
        _disk.CapacityBytes = 3 * PieceBytes;
        var health = new WriterHealth(
            _disk, new LogDirectory(_disk, Directory), () => null, _reservations, _options, _time);
        health.TryReserveSpace(2 * PieceBytes).ShouldBeTrue();
        health.SpaceUsed();
        _reservations.Add(PieceBytes + 1);
        health.TryReserveSpace(2 * PieceBytes).ShouldBeFalse();
        health.SpaceUsed();
        _reservations.Bytes.ShouldBe(PieceBytes + 1);
    }

    [Fact]
    public void ScarceSpace_MakesItShorterThanAskedAndNoneWhenThereIsTooLittle()
    {
        _disk.CapacityBytes = Length;
        _preparation.Run(0, 1, default);
        _factory.PreparedLength.ShouldBe(Length / 4);

        _factory.Create(Header(1), new FrameBuffer(0), FrameKind.StreamTable).Dispose();
        _disk.CapacityBytes = _disk.CapacityBytes - _disk.FreeBytes(Directory) + PieceBytes;
        _preparation.Run(0, 1, default);
        _factory.PreparedLength.ShouldBe(0);
        _preparation.IsDue(1).ShouldBeFalse("it was given up just now");
        _time.Advance(TimeSpan.FromSeconds(1));
        _preparation.IsDue(1).ShouldBeTrue();
    }

    [Fact]
    public void FailedFlush_LeavesNoFileAndIsTriedAgainLater()
    {
        _disk.Inject(new DiskFault { Calls = DiskCall.Flush });
        Should.Throw<IOException>(() => _preparation.Run(0, 1, default));
        _disk.ListFiles(Directory).ShouldBeEmpty();
        _preparation.IsDue(1).ShouldBeFalse();

        _time.Advance(TimeSpan.FromSeconds(1));
        _preparation.Run(0, 1, default);
        _factory.PreparedLength.ShouldBe(Length);
    }

    [Fact]
    public void Stop_IsNotWaitedForUntilTheWholeFileIsFilled()
    {
        _preparation.Run(0, 1, new CancellationToken(canceled: true));
        _disk.ListFiles(Directory).ShouldBeEmpty();
        _preparation.IsDue(1).ShouldBeTrue();
    }

    public void Dispose() => _preparation.Dispose();

    private static SegmentHeader Header(long number) => new()
    {
        LogId = Guid.Empty,
        Number = number,
        FirstPosition = 0,
        PredecessorEnd = 0,
        Salt = 1,
    };

    private long Filled() => _disk.ListFiles(Directory) is [var name] ? _disk.ReadAll($"{Directory}/{name}").Length : 0;
}
