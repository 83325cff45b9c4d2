using Microsoft.Extensions.Time.Testing;
using WikiBus.Storage.Frames;
using WikiBus.Storage.Tests.Simulation;

namespace WikiBus.Storage.Tests.Durability;

/// <summary>
/// A sealed segment whose file lost its end: a reader reports where, and neither serves the missing part nor waits for
/// it.
/// </summary>
public sealed class ShortSegmentTests
{
    private const string Directory = "/data/log";
    private const string FirstSegment = Directory + "/00000001-00000000000000000000.segment";
    private const int ReadsMax = 1000;
    private static readonly TimeSpan s_waitMax = TimeSpan.FromSeconds(30);

    [Theory]
    [InlineData(10)]
    [InlineData(100)]
    [InlineData(5000)]
    public async Task SealedSegmentCut_IsReportedAndReadingEnds(int framesCut)
    {
        var disk = SimulatedDisk.WithDirectory("/data");
        await using (var log = Open(disk))
        {
            for (var i = 0; i < 100; i++)
            {
                var draft = new RecordDraft { Stream = "stream", Payload = new byte[1000] };
                (await log.Append([draft]).Completion.WaitAsync(s_waitMax)).Status.ShouldBe(AppendStatus.Stored);
            }
        }

        disk.Replace(FirstSegment, disk.ReadAll(FirstSegment)[..^(FrameHeader.FixedLength + framesCut)]);
        await using var damaged = Open(disk);
        Should.Throw<LogDamagedException>(() => ReadToEnd(damaged)).Message.ShouldContain(FirstSegment);
    }

    private static EventLog Open(SimulatedDisk disk) => EventLog.Open(
        Directory, new EventLogOptions { SegmentBytesMax = 64 * 1024 }, disk, new FakeTimeProvider());

    private static void ReadToEnd(EventLog log)
    {
        using var reader = log.OpenReader(0);
        using var batch = new RecordBatch();
        for (var reads = 0; reader.Read(batch); reads++)
        {
            reads.ShouldBeLessThan(ReadsMax, "the reader makes no progress");
        }
    }
}
