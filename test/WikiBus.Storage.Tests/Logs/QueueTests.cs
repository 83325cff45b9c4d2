using System.Collections;
using WikiBus.Storage.Tests.Simulation;
using WikiBus.Storage.Writing;

namespace WikiBus.Storage.Tests.Logs;

/// <summary>What waits for the writer while a flush does not end.</summary>
public sealed class QueueTests
{
    [Fact]
    public async Task RequestThatWaits_CanBeWithdrawnAndAFullQueueSaysSo()
    {
        await using var bed = LogBed.Start(options => options with { FrameBytesMax = 1, QueueBytesMax = 1500 });
        using var held = new HeldCall(bed.Disk, DiskCall.Flush, LogBed.Patience);
        try
        {
            var flushing = bed.Log.Append([LogBed.Draft("a", "flushing")]);
            held.WaitUntilBegun();
            var next = bed.Log.Append([LogBed.Draft("a", "next")]);
            var waiting = bed.Log.Append([LogBed.Draft("a", new string('x', 800))]);
            var refused = bed.Log.Append([LogBed.Draft("a", new string('y', 800))]);

            (await ResultAsync(refused)).Status.ShouldBe(AppendStatus.QueueFull);
            flushing.TryWithdraw().ShouldBeFalse();
            waiting.TryWithdraw().ShouldBeTrue();
            waiting.TryWithdraw().ShouldBeFalse();
            (await ResultAsync(waiting)).Status.ShouldBe(AppendStatus.Withdrawn);
            bed.Log.Health.QueuedBytes.ShouldBeInRange(1, 800);
            var last = bed.Log.Append([LogBed.Draft("a", "last")]);
            held.Release();

            foreach (var request in new[] { flushing, next, last })
            {
                (await ResultAsync(request)).Status.ShouldBe(AppendStatus.Stored);
            }
        }
        finally
        {
            held.Release();
        }

        bed.ReadAll().ShouldBe(["0 a@0 flushing", "1 a@1 next", "2 a@2 last"]);
    }

    [Fact]
    public void WithdrawnRequest_IsLetGoAtOnce()
    {
        var queue = new WriteQueue(bytesMax: 1000);
        for (var index = 0; index < 3; index++)
        {
            var request = new AppendRequest([LogBed.Draft("a", "x")], byteCount: 900, queue);
            queue.TryAdd(request).ShouldBeTrue();
            request.TryWithdraw().ShouldBeTrue();
        }

        queue.Bytes.ShouldBe(0);
        var seen = 0;
        queue.TryTake(_ => ++seen > 0).ShouldBeNull();
        seen.ShouldBe(0);
    }

    [Fact]
    public async Task FaultThatNobodyExpected_AnswersTheRequestAndStopsTheLog()
    {
        await using var bed = LogBed.Start();
        await bed.AppendAsync("a", "1");
        var broken = bed.Log.Append(new BrokenList([LogBed.Draft("a", "2", "id"), LogBed.Draft("a", "3", "other")]));

        (await ResultAsync(broken)).Status.ShouldBe(AppendStatus.Unknown);
        (await bed.AppendAsync(LogBed.Draft("a", "4"))).Status.ShouldBe(AppendStatus.Refused);
        bed.Log.Health.IsWritable.ShouldBeFalse();
        bed.ReadAll().ShouldBe(["0 a@0 1"]);
    }

    [Fact]
    public async Task TooManyStreams_AreRefused()
    {
        await using var bed = LogBed.Start(options => options with { StreamCountMax = 2 });
        await bed.AppendAsync("a", "1");
        (await bed.AppendAsync(LogBed.Draft("b", "1"), LogBed.Draft("c", "1"))).Status.ShouldBe(AppendStatus.Refused);
        await bed.AppendAsync("b", "2");
        (await bed.AppendAsync(LogBed.Draft("c", "1"))).Status.ShouldBe(AppendStatus.Refused);
        bed.ReadAll().ShouldBe(["0 a@0 1", "1 b@0 2"]);
    }

    /// <summary>Can be read while it is queued, but fails when the writer reads it.</summary>
    private sealed class BrokenList(RecordDraft[] drafts) : IReadOnlyList<RecordDraft>
    {
        private int _readsLeft = 2 * drafts.Length;

        public int Count => drafts.Length;

        public RecordDraft this[int index] =>
            _readsLeft-- > 0 ? drafts[index] : throw new InvalidOperationException("The list is broken.");

        public IEnumerator<RecordDraft> GetEnumerator() => drafts.AsEnumerable().GetEnumerator();

        IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
    }

    private static Task<AppendResult> ResultAsync(AppendRequest request) =>
        request.Completion.WaitAsync(LogBed.Patience);
}
