using System.Text;

namespace WikiBus.Storage.Tests.Logs;

public sealed class DuplicateTests
{
    private const int Many = 40;

    [Fact]
    public async Task IdBeyondTheWindow_IsFoundByTheEventsOwnTimeOnly()
    {
        await using var bed = await SmallWindowAsync();
        var timeMs = bed.Time.GetUtcNow().ToUnixTimeMilliseconds();
        (await bed.AppendAsync(Draft("id-0", "0", timeMs: timeMs))).Records[0]
            .ShouldBe(new RecordOutcome(0, 0, IsDuplicate: true));
        (await bed.AppendAsync(Draft("id-0", "0"))).Records[0].IsDuplicate.ShouldBeFalse();
        (await bed.AppendAsync(Draft($"id-{Many - 1}", $"{Many - 1}"))).Records[0].IsDuplicate.ShouldBeTrue();
    }

    [Fact]
    public async Task IdBeyondTheAgeOfTheWindow_IsForgottenAndStillFoundInFiles()
    {
        await using var bed = LogBed.Start(options => options with { SegmentBytesMax = 4096 });
        var timeMs = bed.Time.GetUtcNow().ToUnixTimeMilliseconds();
        await bed.AppendAsync(Draft("id-0", new string('x', 5000), timeMs: timeMs));
        bed.Time.Advance(TimeSpan.FromHours(25));
        await bed.AppendAsync(Draft("id-1", new string('x', 5000)));
        await bed.AppendAsync(Draft("id-2", "2"));

        var repeat = Draft("id-0", new string('x', 5000), timeMs: timeMs);
        (await bed.AppendAsync(repeat)).Records[0].IsDuplicate.ShouldBeTrue();
        repeat = Draft("id-0", new string('x', 5000));
        (await bed.AppendAsync(repeat)).Records[0].IsDuplicate.ShouldBeFalse();
    }

    [Fact]
    public async Task SameIdWithOtherBytes_IsStoredAndCounted()
    {
        await using var bed = LogBed.Start();
        await bed.AppendAsync(Draft("id", "1"));
        (await bed.AppendAsync(Draft("id", "2"))).Records[0].IsDuplicate.ShouldBeFalse();
        (await bed.AppendAsync(Draft("id", "2"))).Records[0].Position.ShouldBe(1);
        (await bed.AppendAsync(Draft("id", "1"))).Records[0].Position.ShouldBe(0);
        bed.Log.Counters.ShouldBe(new LogCounters(Records: 2, Frames: 2, Duplicates: 2, IdConflicts: 1));
    }

    [Fact]
    public async Task DerivedId_AloneDecides()
    {
        await using var bed = LogBed.Start();
        await bed.AppendAsync(Draft("id", "1", IdentityRule.IdOnly));
        (await bed.AppendAsync(Draft("id", "2", IdentityRule.IdOnly))).Records[0]
            .ShouldBe(new RecordOutcome(0, 0, IsDuplicate: true));
        (await bed.AppendAsync(Draft("other", "2", IdentityRule.IdOnly))).Records[0].IsDuplicate.ShouldBeFalse();
    }

    [Fact]
    public async Task RepeatsWithinOneRequest_AreStoredOnce()
    {
        await using var bed = LogBed.Start();
        var result = await bed.AppendAsync(Draft("id", "1"), Draft("id", "1"), Draft("id", "2"));
        result.Records.Select(record => record.Position).ShouldBe([0, 0, 1]);
        bed.ReadAll().Count.ShouldBe(2);
    }

    [Fact]
    public async Task WindowAfterARestart_KnowsWhatItKnew()
    {
        await using var bed = await SmallWindowAsync();
        await bed.ReopenAsync();
        for (var index = Many - 4; index < Many; index++)
        {
            (await bed.AppendAsync(Draft($"id-{index}", $"{index}"))).Records[0].Position.ShouldBe(index);
        }
    }

    [Fact]
    public async Task SameIdWithOtherBytes_IsKnownAfterARestart()
    {
        await using var bed = LogBed.Start();
        for (var index = 0; index < Many; index++)
        {
            await bed.AppendAsync(Draft($"id-{index}", "1"), Draft($"id-{index}", "2"));
        }

        await bed.AppendAsync("a", new string('x', 70_000));
        await bed.CloseAsync();
        bed.Options = bed.Options with { SegmentBytesMax = 64 * 1024 };
        bed.Open();
        await bed.AppendAsync("a", "next segment");
        bed.Segments().Count.ShouldBe(2);
        await bed.ReopenAsync();
        for (var index = 0; index < Many; index++)
        {
            (await bed.AppendAsync(Draft($"id-{index}", "2"))).Records[0].Position.ShouldBe((2 * index) + 1);
        }
    }

    /// <summary>A window of eight ids, and more records than that.</summary>
    private static async Task<LogBed> SmallWindowAsync()
    {
        var bed = LogBed.Start(options => options with { DedupeIdsMax = 8 });
        for (var index = 0; index < Many; index++)
        {
            var timeMs = bed.Time.GetUtcNow().ToUnixTimeMilliseconds();
            await bed.AppendAsync(Draft($"id-{index}", $"{index}", timeMs: timeMs));
        }

        return bed;
    }

    private static RecordDraft Draft(
        string id, string payload, IdentityRule rule = IdentityRule.IdAndContent, long timeMs = 0) => new()
        {
            Stream = "a",
            Payload = Encoding.UTF8.GetBytes(payload),
            Id = Encoding.UTF8.GetBytes(id),
            Identity = new RecordIdentity(rule, (UInt128)payload.Length + ((UInt128)payload[0] << 64), timeMs),
        };
}
