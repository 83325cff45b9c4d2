using WikiBus.Storage.Tests.Simulation;

namespace WikiBus.Storage.Tests.Logs;

/// <summary>Failing calls and full disks: nothing acknowledged is lost, and the log recovers by itself.</summary>
public sealed class FailingDiskTests
{
    private const string WorksAgain = "takes records again";

    [Theory]
    [InlineData(nameof(DiskCall.Write))]
    [InlineData(nameof(DiskCall.Flush))]
    public async Task OneFailure_IsUnknownAndTheNextAppendIsStored(string call)
    {
        await using var bed = LogBed.Start();
        await bed.AppendAsync("a", "1", "id-1");
        bed.Disk.Inject(new DiskFault { Calls = Enum.Parse<DiskCall>(call) });
        (await bed.AppendAsync(LogBed.Draft("a", "2", "id-2"))).Status.ShouldBe(AppendStatus.Unknown);
        await bed.NoticeAsync(WorksAgain);

        await bed.AppendAsync("a", "2", "id-2");
        await bed.AppendAsync("a", "1", "id-1");
        await ShouldHoldAsync(bed, "0 a@0 1", "1 a@1 2");
    }

    [Theory]
    [InlineData(nameof(DiskCall.Open))]
    [InlineData(nameof(DiskCall.Create))]
    [InlineData(nameof(DiskCall.Rename))]
    [InlineData(nameof(DiskCall.FlushDirectory))]
    public async Task FailureThatLasts_IsRefusedAndServiceResumesByItself(string call)
    {
        await using var bed = LogBed.Start();
        await bed.AppendAsync("a", "1");
        var lasting = new DiskFault { Calls = Enum.Parse<DiskCall>(call), Every = 1 };
        bed.Disk.Inject(new DiskFault { Calls = DiskCall.Write });
        bed.Disk.Inject(lasting);
        (await bed.AppendAsync(LogBed.Draft("a", "2"))).Status.ShouldBe(AppendStatus.Unknown);
        for (var second = 0; second < 3 && lasting.Strikes < 3; second++)
        {
            (await bed.AppendAsync(LogBed.Draft("a", "2"))).Status.ShouldBe(AppendStatus.Refused);
            bed.Log.Health.IsWritable.ShouldBeFalse();
            bed.Log.Health.Reason.ShouldNotBeNullOrEmpty();
            bed.Time.Advance(TimeSpan.FromSeconds(1));
        }

        lasting.Strikes.ShouldBePositive();
        bed.Disk.Heal();
        bed.Time.Advance(TimeSpan.FromSeconds(1));
        await bed.NoticeAsync(WorksAgain);
        bed.Log.Health.IsWritable.ShouldBeTrue();
        await bed.AppendAsync("a", "2");
        await ShouldHoldAsync(bed, "0 a@0 1", "1 a@1 2");
    }

    [Theory]
    [InlineData(nameof(DiskCall.SetLength))]
    [InlineData(nameof(DiskCall.Flush))]
    public async Task CutThatFails_StopsTheLogUntilARestart(string call)
    {
        await using var bed = LogBed.Start();
        await bed.AppendAsync("a", "1");
        bed.Disk.Inject(new DiskFault { Calls = DiskCall.Write });
        bed.Disk.Inject(new DiskFault { Calls = Enum.Parse<DiskCall>(call) });
        (await bed.AppendAsync(LogBed.Draft("a", "2"))).Status.ShouldBe(AppendStatus.Unknown);
        await bed.NoticeAsync("stopped until a restart");

        bed.Disk.Heal();
        bed.Time.Advance(TimeSpan.FromSeconds(2));
        (await bed.AppendAsync(LogBed.Draft("a", "2"))).Status.ShouldBe(AppendStatus.Refused);
        await bed.ReopenAsync();
        bed.ReadAll()[0].ShouldBe("0 a@0 1");
        await bed.AppendAsync("a", "3");
    }

    [Fact]
    public async Task FailureInAPreparedSegment_IsMended()
    {
        await using var bed = LogBed.Start(options => options with { SegmentBytesMax = 256 * 1024 });
        await UntilPreparedSegmentIsUsedAsync(bed);
        var position = await bed.AppendAsync("a", "before");
        bed.Disk.Inject(new DiskFault { Calls = DiskCall.Flush });
        (await bed.AppendAsync(LogBed.Draft("a", "lost"))).Status.ShouldBe(AppendStatus.Unknown);
        await bed.NoticeAsync(WorksAgain);
        await bed.AppendAsync("a", "after");
        await ShouldHoldAsync(
            bed, position, $"{position} a@{position} before", $"{position + 1} a@{position + 1} after");
    }

    [Fact]
    public async Task FrozenDisk_IsNotWritableUntilItAnswers()
    {
        await using var bed = LogBed.Start();
        await bed.AppendAsync("a", "1");
        using var held = new HeldCall(bed.Disk, DiskCall.Flush, LogBed.Patience);
        var append = bed.AppendAsync(LogBed.Draft("a", "2"));
        held.WaitUntilBegun();
        bed.Log.Health.IsWritable.ShouldBeTrue();

        bed.Time.Advance(TimeSpan.FromSeconds(3));
        bed.Log.Health.IsWritable.ShouldBeFalse();
        bed.Log.Health.Reason!.ShouldContain("does not answer");

        held.Release();
        bed.Disk.Heal();
        (await append).Status.ShouldBe(AppendStatus.Stored);
        await bed.AppendAsync("a", "3");
        bed.Log.Health.IsWritable.ShouldBeTrue();
    }

    [Fact]
    public async Task DirectoryThatIsReplaced_TakesNothingAndIsNotTouched()
    {
        await using var bed = LogBed.Start(
            options => options with { SegmentBytesMax = 4096, RetentionBytesMax = 8192 });
        await bed.AppendAsync("a", "1");
        bed.Disk.MoveDirectory(LogBed.Directory, "/data/old");
        bed.Disk.CreateDirectory(LogBed.Directory);
        bed.Time.Advance(TimeSpan.FromSeconds(1));
        var refused = await bed.AppendUntilRefusedAsync(LogBed.Draft("a", new string('x', 100)));
        refused.ShouldContain("deleted, moved or replaced");
        bed.Log.Health.Reason.ShouldBe(refused);

        await bed.CloseAsync();
        bed.Disk.ListFiles(LogBed.Directory).ShouldBeEmpty();
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task OpenSegmentThatIsMoved_TakesNothingUntilItIsBack(bool isReplaced)
    {
        await using var bed = LogBed.Start(options => options with { SegmentBytesMax = 4096 });
        await bed.AppendAsync("a", "1");
        await bed.AppendAsync("a", new string('x', 4096));
        bed.Segments().Count.ShouldBe(2);
        var path = bed.Segments()[^1];
        bed.Disk.Rename(path, path + ".moved");
        if (isReplaced)
        {
            bed.Disk.Replace(path, bed.Disk.ReadAll(path + ".moved"));
        }

        bed.Time.Advance(TimeSpan.FromSeconds(1));
        var refused = await bed.AppendUntilRefusedAsync(LogBed.Draft("b", ""));
        refused.ShouldBe($"{path} was deleted, moved or replaced while the log is open.");
        bed.Log.Health.Reason.ShouldBe(refused);

        bed.Disk.Rename(path + ".moved", path);
        bed.Time.Advance(TimeSpan.FromSeconds(1));
        await bed.AppendAsync("a", "3");
        bed.Log.Health.IsWritable.ShouldBeTrue();
    }

    [Fact]
    public async Task FailureWhileTheOpenSegmentIsReplaced_IsMendedWhenItIsBack()
    {
        await using var bed = LogBed.Start();
        await bed.AppendAsync("a", "1");
        var path = bed.Segments()[^1];
        var other = new byte[100_000];
        bed.Disk.Inject(new DiskFault { Calls = DiskCall.Flush, Where = _ => IsReplaced() });
        (await bed.AppendAsync(LogBed.Draft("a", "2"))).Status.ShouldBe(AppendStatus.Unknown);
        bed.Disk.Heal();
        bed.Time.Advance(TimeSpan.FromSeconds(1));
        (await bed.AppendAsync(LogBed.Draft("a", "2"))).Status.ShouldBe(AppendStatus.Refused);
        bed.Disk.ReadAll(path).ShouldBe(other);

        bed.Disk.Rename(path + ".moved", path);
        bed.Time.Advance(TimeSpan.FromSeconds(1));
        await bed.NoticeAsync(WorksAgain);
        await bed.AppendAsync("a", "2");
        await ShouldHoldAsync(bed, "0 a@0 1", "1 a@1 2");

        bool IsReplaced()
        {
            bed.Disk.Rename(path, path + ".moved");
            bed.Disk.Replace(path, other);
            return true;
        }
    }

    [Fact]
    public async Task OpenSegmentThatIsCut_TakesNothing()
    {
        await using var bed = LogBed.Start();
        await bed.AppendAsync("a", "1");
        using (var file = bed.Disk.Open(bed.Segments()[^1], StorageFileMode.ReadWrite))
        {
            file.SetLength(0);
        }

        bed.Time.Advance(TimeSpan.FromSeconds(1));
        (await bed.AppendUntilRefusedAsync(LogBed.Draft("a", "2"))).ShouldContain("was cut while the log is open");
    }

    [Fact]
    public async Task UnknownSpace_IsRefusedUntilItIsKnown()
    {
        await using var bed = LogBed.Start();
        await bed.AppendAsync("a", "1");
        bed.Disk.SpaceIsUnknown = true;
        bed.Time.Advance(TimeSpan.FromSeconds(1));
        (await bed.AppendUntilRefusedAsync(LogBed.Draft("a", "2"))).ShouldContain("is unknown");
        bed.Log.Health.FreeBytes.ShouldBeNull();

        bed.Disk.SpaceIsUnknown = false;
        bed.Time.Advance(TimeSpan.FromSeconds(1));
        await bed.AppendAsync("a", "3");
        bed.Log.Health.IsWritable.ShouldBeTrue();
    }

    [Fact]
    public async Task FullDisk_IsRefusedUntilThereIsSpace()
    {
        await using var bed = LogBed.Start();
        await bed.AppendAsync("a", "1");
        var space = bed.Disk.CapacityBytes;
        bed.Disk.CapacityBytes = 1;
        (await bed.AppendAsync(LogBed.Draft("a", "2"))).Status.ShouldBe(AppendStatus.Refused);
        (await bed.AppendAsync(LogBed.Draft("a", "2"))).Status.ShouldBe(AppendStatus.Refused);

        bed.Disk.CapacityBytes = space;
        bed.Time.Advance(TimeSpan.FromSeconds(1));
        await bed.AppendAsync("a", "2");
        await ShouldHoldAsync(bed, "0 a@0 1", "1 a@1 2");
    }

    [Fact]
    public async Task DiskOfFortyMegabytes_IsUsedUpToTheReserve()
    {
        await using var bed = LogBed.Start(_ => new EventLogOptions());
        bed.Disk.CapacityBytes = 40 << 20;
        var payload = new string('x', 64 * 1024);
        var stored = 0;
        AppendResult result;
        do
        {
            bed.Time.Advance(TimeSpan.FromSeconds(1));
            result = await bed.AppendAsync(LogBed.Draft("a", payload));
            stored += result.Status == AppendStatus.Stored ? 1 : 0;
        }
        while (result.Status == AppendStatus.Stored);

        result.Status.ShouldBe(AppendStatus.Refused);
        result.Reason!.ShouldContain("space");
        (stored * payload.Length).ShouldBeInRange(12 << 20, 24 << 20);
        bed.Log.Health.FreeBytes!.Value.ShouldBeInRange(16 << 20, 18 << 20);

        bed.Disk.CapacityBytes = 80 << 20;
        bed.Time.Advance(TimeSpan.FromSeconds(1));
        await bed.AppendAsync("a", "more");
        bed.ReadAll().Count.ShouldBe(stored + 1);
    }

    private static async Task UntilPreparedSegmentIsUsedAsync(LogBed bed)
    {
        using var patience = new CancellationTokenSource(LogBed.Patience);
        await bed.AppendAsync("a", new string('x', 70_000));
        while (bed.Segments().Count < 2)
        {
            // The preparation runs beside; the writer looks for it at every frame.
            patience.Token.ThrowIfCancellationRequested();
            await bed.AppendAsync("a", "x");
        }

        bed.Disk.ReadAll(bed.Segments()[^1]).Length.ShouldBe(256 * 1024);
    }

    private static Task ShouldHoldAsync(LogBed bed, params string[] records) => ShouldHoldAsync(bed, 0, records);

    private static async Task ShouldHoldAsync(LogBed bed, long position, params string[] records)
    {
        bed.ReadAll(position: position).ShouldBe(records);
        await bed.ReopenAsync();
        bed.ReadAll(position: position).ShouldBe(records);
    }
}
