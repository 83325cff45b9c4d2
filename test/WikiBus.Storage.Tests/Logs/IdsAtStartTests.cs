using System.Text;
using WikiBus.Storage.Tests.Simulation;

namespace WikiBus.Storage.Tests.Logs;

/// <summary>
/// A sealed segment cannot be read at the start, when the window should get its ids. Repeats of its events are refused
/// until it can be read or is given up.
/// </summary>
public sealed class IdsAtStartTests
{
    private const int Many = 12;
    private const string IsMade = "was made again";
    private const string IsGivenUp = "may be stored again";

    /// <summary>Number of the segment that is hit; one follows it.</summary>
    private const int Hit = 5;
    private const int FirstHit = 2 * (Hit - 1);

    private static readonly string s_hitIds = $"{LogBed.Directory}/0000000{Hit}.ids";

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task SegmentThatCannotBeReadAtStart_IsTriedAgainAndRepeatsAreRefusedMeanwhile(bool hasTime)
    {
        await using var bed = await ClosedLogAsync();
        bed.Disk.Delete(s_hitIds);
        bed.Disk.Inject(Unreadable(bed));
        bed.Open();
        (await bed.AppendAsync(Event(bed, FirstHit, hasTime))).Status.ShouldBe(AppendStatus.Refused);
        await bed.NoticeAsync($"Segment {Hit} cannot be read");
        (await bed.AppendAsync(Event(bed, FirstHit, hasTime))).Status.ShouldBe(AppendStatus.Refused);
        await bed.AppendAsync("a", "without an id");
        await ShouldBeKnownAsync(bed, Many - 1, hasTime: false);

        bed.Disk.Heal();
        bed.Time.Advance(TimeSpan.FromSeconds(1));
        (await bed.AppendAsync(Event(bed, FirstHit, hasTime))).Status.ShouldBe(AppendStatus.Refused);
        await bed.NoticeAsync(IsMade);
        for (var index = FirstHit - 2; index < Many; index++)
        {
            await ShouldBeKnownAsync(bed, index, hasTime);
        }

        bed.Notices.ShouldNotContain(notice => notice.Message.Contains(IsGivenUp, StringComparison.Ordinal));
    }

    [Fact]
    public async Task SegmentThatStaysUnreadable_IsGivenUp()
    {
        await using var bed = await ClosedLogAsync();
        bed.Disk.Delete(s_hitIds);
        bed.Disk.Inject(Unreadable(bed));
        bed.Open();
        var result = await bed.AppendUntilTakenAsync(Event(bed, FirstHit, hasTime: true));

        result.Records[0].IsDuplicate.ShouldBeFalse();
        await bed.NoticeAsync(IsGivenUp);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task SegmentThatIsDamagedAtStart_IsGivenUpAtOnceAndThoseBeforeItAreKnown(bool hasTime)
    {
        await using var bed = await ClosedLogAsync();
        bed.Disk.Delete(s_hitIds);
        var segment = bed.Segments()[Hit - 1];
        var bytes = bed.Disk.ReadAll(segment);
        bytes[bytes.AsSpan().LastIndexOf(Encoding.ASCII.GetBytes($"id-{FirstHit}"))] ^= 1;
        bed.Disk.Replace(segment, bytes);
        bed.Open();
        (await bed.AppendAsync(Event(bed, FirstHit, hasTime))).Records[0].IsDuplicate.ShouldBeFalse();
        await bed.NoticeAsync(IsGivenUp);
        await ShouldBeKnownAsync(bed, FirstHit - 1, hasTime);
        await ShouldBeKnownAsync(bed, Many - 1, hasTime);
    }

    private static DiskFault Unreadable(LogBed bed)
    {
        var path = bed.Segments()[Hit - 1];
        return new DiskFault { Calls = DiskCall.Open, Where = name => name == path, Every = 1 };
    }

    private static async Task ShouldBeKnownAsync(LogBed bed, int index, bool hasTime)
    {
        var result = await bed.AppendAsync(Event(bed, index, hasTime));
        result.Status.ShouldBe(AppendStatus.Stored, result.Reason);
        result.Records[0].ShouldBe(new RecordOutcome(index, index, IsDuplicate: true), $"event {index}");
    }

    /// <summary>Segments of two records, a window of eight ids.</summary>
    private static async Task<LogBed> ClosedLogAsync()
    {
        var bed = LogBed.Start(options => options with { DedupeIdsMax = 8 });
        for (var index = 0; index < Many; index++)
        {
            await bed.AppendAsync(Event(bed, index, hasTime: true));
        }

        bed.Segments().Count.ShouldBe(Many / 2);
        await bed.CloseAsync();
        return bed;
    }

    private static RecordDraft Event(LogBed bed, int index, bool hasTime) => new()
    {
        Stream = "a",
        Payload = Encoding.ASCII.GetBytes($"{index}"),
        Id = Encoding.ASCII.GetBytes($"id-{index}"),
        Identity = new RecordIdentity(
            IdentityRule.IdAndContent,
            (uint)index,
            hasTime ? bed.Time.GetUtcNow().ToUnixTimeMilliseconds() : 0),
    };
}
