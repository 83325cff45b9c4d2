using WikiBus.Storage.Tests.Simulation;

namespace WikiBus.Storage.Tests.Logs;

/// <summary>Where what awaits an append goes on.</summary>
public sealed class ContinuationTests
{
    private const string Writer = "event log writer";

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task WriterGoesOnWithARequestThatAllowsIt_ThePoolWithOthers(bool mayContinueInWriter)
    {
        await using var bed = LogBed.Start();
        using var held = new HeldCall(bed.Disk, DiskCall.Flush, LogBed.Patience);
        var where = WhereAsync(bed.Log.Append([LogBed.Draft("a", "1")], mayContinueInWriter));
        held.WaitUntilBegun();
        held.Release();

        var (thread, isOfPool) = await where.WaitAsync(LogBed.Patience);
        (thread == Writer, isOfPool).ShouldBe((mayContinueInWriter, !mayContinueInWriter));
    }

    [Fact]
    public async Task OfManyTheWriterAnswersSome_AndThePoolTheOthers()
    {
        await using var bed = LogBed.Start();
        using var held = new HeldCall(bed.Disk, DiskCall.Flush, LogBed.Patience);
        var first = bed.Log.Append([LogBed.Draft("a", "first")]);
        held.WaitUntilBegun();
        var places = Enumerable.Range(0, 100)
            .Select(number => WhereAsync(bed.Log.Append([LogBed.Draft("a", $"{number}")], mayContinueInWriter: true)))
            .ToArray();
        held.Release();

        await first.Completion.AsTask().WaitAsync(LogBed.Patience);
        var threads = await Task.WhenAll(places).WaitAsync(LogBed.Patience);
        threads.Count(place => place.Name == Writer).ShouldBe(16);
        threads.Count(place => place.IsOfPool).ShouldBe(84);
    }

    [Fact]
    public async Task WhatTheWriterGoesOnWith_MayAppendAgain()
    {
        await using var bed = LogBed.Start();
        using var held = new HeldCall(bed.Disk, DiskCall.Flush, LogBed.Patience);
        var chain = ChainAsync(bed, 50);
        held.WaitUntilBegun();
        held.Release();

        await chain.WaitAsync(LogBed.Patience);
        bed.ReadAll().Count.ShouldBe(50);
    }

    private static async Task ChainAsync(LogBed bed, int count)
    {
        for (var number = 0; number < count; number++)
        {
            var request = bed.Log.Append([LogBed.Draft("a", $"{number}")], mayContinueInWriter: true);
            (await request.Completion).Status.ShouldBe(AppendStatus.Stored);
        }
    }

    private static async Task<(string? Name, bool IsOfPool)> WhereAsync(AppendRequest request)
    {
        (await request.Completion).Status.ShouldBe(AppendStatus.Stored);
        return (Thread.CurrentThread.Name, Thread.CurrentThread.IsThreadPoolThread);
    }
}
