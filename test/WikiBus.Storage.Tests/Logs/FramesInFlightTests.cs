using WikiBus.Storage.Segments;
using WikiBus.Storage.Tests.Simulation;

namespace WikiBus.Storage.Tests.Logs;

/// <summary>
/// A frame is written while the one before it is being flushed, and says so: if the power goes then, the first may be
/// lost and the second be there. Neither was acknowledged. The segments here are put together by hand.
/// </summary>
public sealed class FramesInFlightTests
{
    private const string FirstSegment = LogBed.Directory + "/00000001-00000000000000000000.segment";

    [Fact]
    public async Task FrameLostBehindAnIntactOneThatDidNotKnowItDurable_BothAreCutAndReported()
    {
        var (disk, places) = await ThreeFramesAsync(unflushed: 1);
        Damage(disk, places[1]);
        await using var bed = new LogBed { Disk = disk };
        bed.Options = bed.Options with { OnNotice = bed.Take };
        bed.Open();
        bed.ReadAll().ShouldBe(["0 a@0 first!"]);
        bed.Notices.ShouldHaveSingleItem().Message.ShouldContain($"bytes {places[1]} to {places[3]} were cut");
        await bed.AppendAsync("a", "again");
        await bed.ReopenAsync();
        bed.ReadAll().ShouldBe(["0 a@0 first!", "1 a@1 again"]);
    }

    [Fact]
    public async Task FrameLostBehindAnIntactOneThatKnewItDurable_IsDamage()
    {
        var (disk, places) = await ThreeFramesAsync(unflushed: 0);
        Damage(disk, places[1]);
        await using var bed = new LogBed { Disk = disk };
        Should.Throw<LogDamagedException>(bed.Open)
            .Message.ShouldContain($"damaged at bytes {places[1]} to {places[2]}");
    }

    [Fact]
    public async Task FrameBeforeTheOnesInFlightIsLost_IsDamage()
    {
        var (disk, places) = await ThreeFramesAsync(unflushed: 1);
        Damage(disk, places[0]);
        await using var bed = new LogBed { Disk = disk };
        Should.Throw<LogDamagedException>(bed.Open).Message.ShouldContain($"damaged at bytes {places[0]} to ");
    }

    [Fact]
    public async Task Check_TellsATearFromDamage()
    {
        var (torn, places) = await ThreeFramesAsync(unflushed: 1);
        Damage(torn, places[1]);
        var tear = Check(torn).ShouldHaveSingleItem();
        (tear.From, tear.To, tear.IsTear).ShouldBe((places[1], places[3], true));

        var (damaged, _) = await ThreeFramesAsync(unflushed: 0);
        Damage(damaged, places[1]);
        var damage = Check(damaged).ShouldHaveSingleItem();
        (damage.From, damage.To, damage.IsTear).ShouldBe((places[1], places[2], false));
    }

    [Fact]
    public async Task BothLeftByAKilledProcess_OutliveAPowerLoss()
    {
        var (disk, places) = await ThreeFramesAsync(unflushed: 1);
        // Their flush failed: the system takes the pages for clean, and a power loss may still take them.
        var whole = disk.ReadAll(FirstSegment);
        disk.Replace(FirstSegment, whole[..(int)places[1]]);
        disk.Inject(new DiskFault { Calls = DiskCall.Flush });
        using (var file = disk.Open(FirstSegment, StorageFileMode.ReadWrite))
        {
            file.Write(places[1], whole.AsSpan((int)places[1]));
            Should.Throw<IOException>(file.Flush);
        }

        disk.Heal();
        await using (var bed = new LogBed { Disk = disk.KillProcess() })
        {
            bed.Open();
            bed.ReadAll().ShouldBe(["0 a@0 first!", "1 a@1 second", "2 a@2 third!"]);
            disk = bed.Disk;
            for (var seed = 0; seed < 32; seed++)
            {
                await using var next = new LogBed { Disk = disk.Crash(new Random(seed)) };
                next.Open();
                next.ReadAll().Count.ShouldBe(3, $"seed {seed}");
            }
        }
    }

    [Fact]
    public async Task FrameThatWaits_IsWrittenBeforeTheFlushOfTheOneBeforeIt_ButForTheFirstAfterAStart()
    {
        await using var bed = LogBed.Start();
        await bed.ReopenAsync();
        await AppendWhileOneIsWrittenAsync(bed);
        Unflushed(bed).ShouldBe([false, false, false, false]);
        await AppendWhileOneIsWrittenAsync(bed);
        Unflushed(bed).ShouldBe([false, false, false, false, false, true]);
        bed.ReadAll().Count.ShouldBe(4);
    }

    /// <summary>Two frames; the second one fills while the first one is being written.</summary>
    private static async Task AppendWhileOneIsWrittenAsync(LogBed bed)
    {
        using var writing = new HeldCall(bed.Disk, DiskCall.Write, LogBed.Patience);
        var first = bed.Log.Append([LogBed.Draft("a", "first")]);
        writing.WaitUntilBegun();
        var second = bed.Log.Append([LogBed.Draft("a", "second")]);
        writing.Release();
        (await first.Completion.AsTask().WaitAsync(LogBed.Patience)).Status.ShouldBe(AppendStatus.Stored);
        (await second.Completion.AsTask().WaitAsync(LogBed.Patience)).Status.ShouldBe(AppendStatus.Stored);
        bed.Disk.Heal();
    }

    /// <summary>Of each frame of the first segment, whether those in front of it were not durable yet.</summary>
    private static List<bool> Unflushed(LogBed bed)
    {
        using var file = bed.Disk.Open(FirstSegment, StorageFileMode.Read);
        var bytes = new byte[SegmentHeader.Length];
        file.Read(0, bytes);
        SegmentHeader.TryRead(bytes, out var header).ShouldBe(SegmentHeaderStatus.Valid);
        var scanner = new FrameScanner(file, SegmentHeader.Length, file.Length, header!.Salt);
        var unflushed = new List<bool>();
        while (scanner.Next())
        {
            unflushed.Add(scanner.Frame.UnflushedLength > 0);
        }

        return unflushed;
    }

    private static IReadOnlyList<LogDamage> Check(SimulatedDisk disk) =>
        new LogInspector(LogBed.Directory, disk).Check();

    private static void Damage(SimulatedDisk disk, long frame)
    {
        var bytes = disk.ReadAll(FirstSegment);
        bytes[frame + FrameHeader.FixedLength + 20] ^= 1;
        disk.Replace(FirstSegment, bytes);
    }

    /// <summary>
    /// A log without an end mark. Where its three frames begin, and where the last one ends.
    /// </summary>
    /// <param name="unflushed">So many frames before the last one were not durable when it was written.</param>
    private static async Task<(SimulatedDisk Disk, long[] Places)> ThreeFramesAsync(int unflushed)
    {
        await using var bed = LogBed.Start();
        var places = new List<long>();
        foreach (var payload in new[] { "first!", "second", "third!" })
        {
            places.Add(bed.Disk.EndOfFrames(FirstSegment));
            await bed.AppendAsync("a", payload);
        }

        places.Add(bed.Disk.EndOfFrames(FirstSegment));
        var disk = bed.Disk.Copy();
        var bytes = disk.ReadAll(FirstSegment);
        SegmentHeader.TryRead(bytes, out var header).ShouldBe(SegmentHeaderStatus.Valid);
        var last = bytes.AsSpan((int)places[2]);
        FrameHeader.TryRead(last, places[2], header!.Salt, out var frame).ShouldBe(FrameStatus.Valid);
        frame.UnflushedLength.ShouldBe(0);
        new FrameHeader
        {
            FileOffset = frame.FileOffset,
            Kind = frame.Kind,
            RecordCount = frame.RecordCount,
            BodyLength = frame.BodyLength,
            FirstPosition = frame.FirstPosition,
            UnflushedLength = (int)(places[2] - places[2 - unflushed]),
        }.Write(last, header.Salt);
        disk.Replace(FirstSegment, bytes);
        return (disk, [.. places]);
    }
}
