using System.Text;
using WikiBus.Storage.Tests.Simulation;

namespace WikiBus.Storage.Tests.Logs;

/// <summary>
/// Repeats of events whose ids have left the window: while their id file cannot be read they are refused, not stored
/// twice.
/// </summary>
public sealed class OldIdTests
{
    private const int Many = 40;
    private const string FirstIds = $"{LogBed.Directory}/00000001.ids";
    private const string SecondIds = $"{LogBed.Directory}/00000002.ids";
    private const string IsMade = "The id file of segment 1 was made again";
    private const string IsGivenUp = "may be stored again";

    [Fact]
    public async Task IdFileThatCannotBeRead_IsMadeAgainAndRepeatsAreRefusedMeanwhile()
    {
        await using var bed = await OldIdsAsync();
        bed.Disk.Inject(new DiskFault { Calls = DiskCall.Open, Where = path => path == FirstIds, Every = 1 });
        var result = await bed.AppendAsync(Repeat(bed, 0));
        result.Status.ShouldBe(AppendStatus.Refused);
        result.Reason.ShouldBe("The ids of old events are being read again.");

        await bed.NoticeAsync(IsMade);
        bed.Disk.Heal();
        await ShouldBeKnownAsync(bed, 0);
    }

    [Fact]
    public async Task IdFileThatIsMissing_RefusesOnlyWhatNeedsIt()
    {
        await using var bed = await OldIdsAsync();
        bed.Disk.Delete(FirstIds);
        (await bed.AppendAsync(Repeat(bed, 0), LogBed.Draft("a", "in the same request")))
            .Status.ShouldBe(AppendStatus.Refused);
        await bed.AppendAsync("a", "new");
        await ShouldBeKnownAsync(bed, Many - 1);
        await bed.NoticeAsync(IsMade);
        await ShouldBeKnownAsync(bed, 0);
    }

    [Fact]
    public async Task EventYoungerThanAllThatLeftTheWindow_NeedsNoIdFile()
    {
        await using var bed = LogBed.Start(options => options with { DedupeIdsMax = 8 });
        var first = Repeat(bed, 0);
        await bed.AppendAsync(first);
        for (var index = 1; index < Many; index++)
        {
            bed.Time.Advance(TimeSpan.FromMilliseconds(1));
            await bed.AppendAsync(Repeat(bed, index));
        }

        // With the next segment's file, the first segment's ids are certainly written, and no longer in memory.
        await bed.FileAsync(SecondIds);
        bed.Disk.Delete(FirstIds);
        (await bed.AppendAsync(Repeat(bed, Many))).Status.ShouldBe(AppendStatus.Stored);
        bed.Notices.ShouldBeEmpty();
        (await bed.AppendAsync(first)).Status.ShouldBe(AppendStatus.Refused);
        await bed.NoticeAsync(IsMade);
        (await bed.AppendAsync(first)).Records[0].ShouldBe(new RecordOutcome(0, 0, IsDuplicate: true));
    }

    [Theory]
    [InlineData(7)]
    [InlineData(40)]
    [InlineData(60)]
    [InlineData(4200)]
    public async Task IdFileThatIsBroken_IsMadeAgain(int at)
    {
        await using var bed = await OldIdsAsync();
        var bytes = bed.Disk.ReadAll(FirstIds);
        bytes[at] ^= 1;
        bed.Disk.Replace(FirstIds, bytes);
        (await bed.AppendAsync(Repeat(bed, 0))).Status.ShouldBe(AppendStatus.Refused);
        await bed.NoticeAsync(IsMade);
        await ShouldBeKnownAsync(bed, 0);
    }

    [Fact]
    public async Task SegmentThatIsDamagedToo_BlocksNothing()
    {
        await using var bed = await OldIdsAsync();
        bed.Disk.Delete(FirstIds);
        var segment = bed.Disk.ReadAll(bed.Segments()[0]);
        segment[300] ^= 1;
        bed.Disk.Replace(bed.Segments()[0], segment);
        (await bed.AppendAsync(Repeat(bed, 0))).Status.ShouldBe(AppendStatus.Refused);
        await bed.NoticeAsync(IsGivenUp);

        (await bed.AppendAsync(Repeat(bed, 0))).Records[0].ShouldBe(new RecordOutcome(Many, Many, IsDuplicate: false));
        await ShouldBeKnownAsync(bed, 10);
    }

    [Fact]
    public async Task SegmentThatCannotBeRead_IsTriedAgainUntilItCan()
    {
        await using var bed = await OldIdsAsync();
        bed.Disk.Delete(FirstIds);
        bed.Disk.Inject(Unreadable(bed.Segments()[0]));
        (await bed.AppendAsync(Repeat(bed, 0))).Status.ShouldBe(AppendStatus.Refused);
        await bed.NoticeAsync("Segment 1 cannot be read");
        (await bed.AppendAsync(Repeat(bed, 0))).Status.ShouldBe(AppendStatus.Refused);

        bed.Disk.Heal();
        bed.Time.Advance(TimeSpan.FromSeconds(1));
        (await bed.AppendAsync(Repeat(bed, 0))).Status.ShouldBe(AppendStatus.Refused);
        await bed.NoticeAsync(IsMade);
        await ShouldBeKnownAsync(bed, 0);
    }

    [Fact]
    public async Task RecordThatCannotBeReadToCompare_IsNotStoredAgain()
    {
        await using var bed = await OldIdsAsync();
        await ShouldBeKnownAsync(bed, 0);
        bed.Disk.Inject(Unreadable(bed.Segments()[0]));
        (await bed.AppendAsync(Repeat(bed, 0))).Status.ShouldBe(AppendStatus.Refused);
        await ShouldBeKnownAsync(bed, Many - 1);

        bed.Disk.Heal();
        await ShouldBeKnownAsync(bed, 0);
    }

    [Fact]
    public async Task SegmentThatCanNeverBeRead_IsGivenUp()
    {
        await using var bed = await OldIdsAsync();
        bed.Disk.Delete(FirstIds);
        bed.Disk.Inject(Unreadable(bed.Segments()[0]));
        // All have one time: a time that moves with the clock would leave the range of the segment if the tries take
        // long.
        var result = await bed.AppendUntilTakenAsync(Repeat(bed, 0));

        result.Records[0].IsDuplicate.ShouldBeFalse();
        await bed.NoticeAsync(IsGivenUp);
    }

    [Fact]
    public async Task IdFileThatCannotBeReadAtStart_IsMadeAgain()
    {
        await using var bed = LogBed.Start();
        await bed.AppendAsync("a", new string('x', 70_000), "id-0");
        await bed.CloseAsync();
        bed.Options = bed.Options with { SegmentBytesMax = 64 * 1024 };
        bed.Open();
        await bed.AppendAsync("a", "1", "id-1");
        bed.Segments().Count.ShouldBe(2);
        await bed.CloseAsync();
        bed.Disk.Inject(new DiskFault { Calls = DiskCall.Open, Where = path => path == FirstIds, Every = 1 });
        bed.Open();
        (await bed.AppendAsync("a", new string('x', 70_000), "id-0")).ShouldBe(0);
        bed.Notices.ShouldNotContain(notice => notice.Message.Contains(IsGivenUp, StringComparison.Ordinal));
    }

    // 5,000 ids are more than one call removes from the window.
    [Fact]
    public async Task IdsThatLeaveTheWindowStepByStep_StayKnown()
    {
        const int idsMax = 20_000;
        const int request = 500;
        await using var bed = LogBed.Start(options => options with { DedupeIdsMax = idsMax });
        for (var count = 0; count < 3 * idsMax; count += request)
        {
            var start = count;
            await bed.AppendAsync([.. Enumerable.Range(0, request).Select(index => Repeat(bed, start + index))]);
            await ShouldBeKnownAsync(bed, 0);
            await ShouldBeKnownAsync(bed, count / 3);
            await ShouldBeKnownAsync(bed, count);
        }

        bed.Notices.ShouldBeEmpty();
    }

    private static DiskFault Unreadable(string segment) =>
        new() { Calls = DiskCall.Open, Where = path => path == segment, Every = 1 };

    private static async Task ShouldBeKnownAsync(LogBed bed, int index) =>
        (await bed.AppendAsync(Repeat(bed, index))).Records[0]
            .ShouldBe(new RecordOutcome(index, index, IsDuplicate: true));

    /// <summary>A window of eight ids after a restart, and more records than that, two in a segment.</summary>
    private static async Task<LogBed> OldIdsAsync()
    {
        var bed = LogBed.Start(options => options with { DedupeIdsMax = 8 });
        for (var index = 0; index < Many; index++)
        {
            await bed.AppendAsync(Repeat(bed, index));
        }

        await bed.ReopenAsync();
        return bed;
    }

    private static RecordDraft Repeat(LogBed bed, int index) => new()
    {
        Stream = "a",
        Payload = Encoding.ASCII.GetBytes($"{index}"),
        Id = Encoding.ASCII.GetBytes($"id-{index}"),
        Identity = new RecordIdentity(
            IdentityRule.IdAndContent, (uint)index, bed.Time.GetUtcNow().ToUnixTimeMilliseconds()),
    };
}
