using System.Text;
using WikiBus.Storage.Tests.Simulation;

namespace WikiBus.Storage.Tests.Logs;

/// <summary>
/// An event that may repeat a record which cannot be compared: either the disk cannot read it now, or it is damaged and
/// no longer served.
/// </summary>
public sealed class UnreadableRecordTests
{
    private const string CannotBeCompared = "A record that an event may repeat cannot be read";

    [Fact]
    public async Task RepeatOfARecordThatCannotBeRead_IsRefusedUntilItCan()
    {
        await using var bed = LogBed.Start();
        await StoreAsync(bed, "1");
        bed.Disk.Inject(Unreadable(bed));
        var result = await bed.AppendAsync(LogBed.Draft("a", "1", "id-1"));
        result.Status.ShouldBe(AppendStatus.Refused);
        result.Reason!.ShouldContain(CannotBeCompared);
        bed.Log.EndPosition.ShouldBe(1);

        bed.Disk.Heal();
        (await bed.AppendAsync(LogBed.Draft("a", "1", "id-1"))).Records[0]
            .ShouldBe(new RecordOutcome(0, 0, IsDuplicate: true));
        bed.Log.Counters.Duplicates.ShouldBe(1);
    }

    [Fact]
    public async Task RequestWithSuchARepeat_IsRefusedWhole()
    {
        await using var bed = LogBed.Start();
        await StoreAsync(bed, "1");
        RecordDraft[] drafts =
        [
            LogBed.Draft("a", "2", "id-2"), LogBed.Draft("b", "3", "id-3"), LogBed.Draft("a", "1", "id-1"),
        ];
        await bed.AppendAsync("a", "4", "id-4");
        bed.Disk.Inject(Unreadable(bed));
        (await bed.AppendAsync(drafts)).Status.ShouldBe(AppendStatus.Refused);

        bed.Disk.Heal();
        (await bed.AppendAsync(drafts)).Records.ShouldBe(
            [new RecordOutcome(2, 2, false), new RecordOutcome(3, 0, false), new RecordOutcome(0, 0, true)]);
        await bed.ReopenAsync();
        bed.ReadAll().ShouldBe(["0 a@0 1", "1 a@1 4", "2 a@2 2", "3 b@0 3"]);
    }

    [Fact]
    public async Task RecordThatCannotBeRead_IsToldOnceAMinute()
    {
        await using var bed = LogBed.Start();
        await StoreAsync(bed, "1");
        bed.Disk.Inject(Unreadable(bed));
        await bed.AppendAsync(LogBed.Draft("a", "1", "id-1"));
        await bed.AppendAsync(LogBed.Draft("a", "1", "id-1"));
        var notice = bed.Notices.ShouldHaveSingleItem();
        notice.Severity.ShouldBe(LogNoticeSeverity.Error);
        notice.Message.ShouldContain(CannotBeCompared);
        notice.Message.ShouldContain(bed.Segments()[0]);

        bed.Time.Advance(TimeSpan.FromMinutes(1));
        await bed.AppendAsync(LogBed.Draft("a", "1", "id-1"));
        bed.Notices.Count.ShouldBe(2);
    }

    [Fact]
    public async Task RepeatOfADamagedRecord_IsStoredAgainAndKnownFromThenOn()
    {
        await using var bed = LogBed.Start();
        // Longer than a page: the last page is written again with the next frame.
        var text = "text that is damaged" + new string(' ', 2 * PageBuffer.PageLength);
        await StoreAsync(bed, text);
        var path = bed.Segments()[0];
        using (var file = bed.Disk.Open(path, StorageFileMode.ReadWrite))
        {
            file.Write(bed.Disk.ReadAll(path).AsSpan().IndexOf("damaged"u8), Encoding.UTF8.GetBytes("D"));
        }

        var repeat = LogBed.Draft("a", text, "id-1");
        (await bed.AppendAsync(repeat)).Records[0].ShouldBe(new RecordOutcome(1, 1, IsDuplicate: false));
        (await bed.AppendAsync(repeat)).Records[0].ShouldBe(new RecordOutcome(1, 1, IsDuplicate: true));
    }

    /// <summary>Stores an event whose repeats can only be compared by reading the file.</summary>
    private static async Task StoreAsync(LogBed bed, string text)
    {
        await bed.AppendAsync("a", text, "id-1");
        await bed.ReopenAsync();
    }

    private static DiskFault Unreadable(LogBed bed)
    {
        var path = bed.Segments()[0];
        return new DiskFault { Calls = DiskCall.Read, Where = name => name == path, Every = 1 };
    }
}
