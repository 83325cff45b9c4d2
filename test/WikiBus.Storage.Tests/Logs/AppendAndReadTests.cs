using System.Text;

namespace WikiBus.Storage.Tests.Logs;

public sealed class AppendAndReadTests
{
    [Fact]
    public async Task AppendedRecords_AreReadInOrderWithOffsetsPerStream()
    {
        await using var bed = LogBed.Start();
        await bed.AppendAsync("a", "1");
        await bed.AppendAsync("b", "2");
        await bed.AppendAsync("a", "3");

        bed.ReadAll().ShouldBe(["0 a@0 1", "1 b@0 2", "2 a@1 3"]);
        bed.Log.EndPosition.ShouldBe(3);
        bed.Log.FindStream("a")!.NextOffset.ShouldBe(2);
    }

    [Fact]
    public async Task ReopenedLog_HasEverythingAndGoesOn()
    {
        await using var bed = LogBed.Start();
        await bed.AppendAsync("a", "1");
        await bed.ReopenAsync();
        await bed.AppendAsync("a", "2");
        await bed.ReopenAsync();

        bed.ReadAll().ShouldBe(["0 a@0 1", "1 a@1 2"]);
    }

    [Fact]
    public async Task FramesOfAllSizes_AreReadBackByAReaderAtTheHeadAndAfterAnother()
    {
        await using var bed = LogBed.Start();
        using var head = bed.Log.OpenReader(0);
        using var batch = new RecordBatch();
        var expected = new List<string>();
        // Around a page, the largest frame that is kept for readers at the head, and the largest single write.
        foreach (var length in new[] { 1, 3900, 4096, 9000, 250_000, 300_000, 1 << 20, 2_500_000, 7, 4096 })
        {
            var payload = new string((char)('a' + expected.Count), length);
            expected.Add($"{expected.Count} a@{expected.Count} {payload}");
            await bed.AppendAsync("a", payload);
            head.Read(batch).ShouldBeTrue();
            batch.Records.ShouldHaveSingleItem().Payload.ToArray().ShouldBe(Encoding.ASCII.GetBytes(payload));
        }

        bed.ReadAll().ShouldBe(expected);
        await bed.ReopenAsync();
        bed.ReadAll().ShouldBe(expected);
    }

    [Fact]
    public async Task LogOfManySegments_IsReadWholeInAnyBatchSize()
    {
        await using var bed = LogBed.Start(options => options with { SegmentBytesMax = 64 * 1024 });
        var expected = new List<string>();
        for (var index = 0; index < 300; index++)
        {
            var payload = new string('x', index * 7);
            expected.Add($"{index} s{index % 3}@{index / 3} {payload}");
            await bed.AppendAsync($"s{index % 3}", payload);
        }

        bed.ReadAll().ShouldBe(expected);
        bed.ReadAll(bytesMax: 100).ShouldBe(expected);
        await bed.ReopenAsync();
        bed.ReadAll(bytesMax: 5000, position: 150).ShouldBe(expected[150..]);
        bed.Log.FindStream("s1")!.NextOffset.ShouldBe(100);
    }

    [Fact]
    public async Task ManyWritersAtOnce_AllAreStoredOnceAndRequestsStayWhole()
    {
        await using var bed = LogBed.Start(options => options with { SegmentBytesMax = 64 * 1024 });
        var writers = Enumerable.Range(0, 8).Select(writer => Task.Run(async () =>
        {
            for (var index = 0; index < 100; index++)
            {
                var drafts = Enumerable.Range(0, 3).Select(
                    part => LogBed.Draft("s", $"{writer}/{index}/{part}")).ToArray();
                (await bed.AppendAsync(drafts)).Status.ShouldBe(AppendStatus.Stored);
            }
        }));
        await Task.WhenAll(writers).WaitAsync(LogBed.Patience);

        var payloads = bed.ReadAll().Select(line => line.Split(' ')[2]).ToList();
        payloads.Count.ShouldBe(2400);
        payloads.Distinct().Count().ShouldBe(2400);
        for (var index = 0; index < payloads.Count; index += 3)
        {
            payloads[index][..^1].ShouldBe(payloads[index + 2][..^1]);
        }
    }

    [Fact]
    public async Task WaitingReader_IsWokenByTheCommit()
    {
        await using var bed = LogBed.Start();
        var waits = Enumerable.Range(0, 100).Select(
            _ => bed.Log.WaitAsync(0, CancellationToken.None).AsTask()).ToArray();
        waits.ShouldAllBe(wait => !wait.IsCompleted);
        await bed.AppendAsync("a", "1");
        await Task.WhenAll(waits).WaitAsync(LogBed.Patience);
    }

    [Fact]
    public async Task Repeat_IsAnsweredWithTheFirstPlace()
    {
        await using var bed = LogBed.Start();
        await bed.AppendAsync("a", "1", "id-1");
        var result = await bed.AppendAsync(LogBed.Draft("a", "1", "id-1"));
        result.Records[0].ShouldBe(new RecordOutcome(0, 0, IsDuplicate: true));
        bed.Log.EndPosition.ShouldBe(1);
    }

    [Fact]
    public async Task ListOfStreams_HasOnlyTheWantedOnes()
    {
        await using var bed = LogBed.Start();
        await bed.AppendAsync("a", "1");
        await bed.AppendAsync("b", "2");

        bed.Log.ListStreams(static name => name == "b").Select(static stream => stream.Name).ShouldBe(["b"]);
        bed.Log.ListStreams().Select(static stream => stream.Name).ShouldBe(["a", "b"], ignoreOrder: true);
    }
}
