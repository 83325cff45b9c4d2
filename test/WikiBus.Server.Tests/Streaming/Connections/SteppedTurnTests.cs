using Microsoft.Extensions.Time.Testing;
using WikiBus.Server.Streaming.Connections;

namespace WikiBus.Server.Tests.Streaming.Connections;

public sealed class SteppedTurnTests
{
    private static readonly TimeSpan s_limit = TimeSpan.FromSeconds(30);

    private readonly FakeTimeProvider _time = new();

    [Fact]
    public async Task LongTurn_LetsOthersComeFirst_BeforeTheNextStep()
    {
        using var turns = new CatchUpTurns();
        var others = await TakeAllButOneAsync(turns);
        using var turn = new SteppedTurn(turns, _time, CancellationToken.None);
        await turn.BeginStepAsync().AsTask().WaitAsync(s_limit);
        var other = turns.TakeAsync(CancellationToken.None).AsTask();

        _time.Advance(CatchUpTurns.DurationMax / 2);
        turn.BeginStepAsync().AsTask().IsCompletedSuccessfully.ShouldBeTrue();
        other.IsCompleted.ShouldBeFalse();

        _time.Advance(CatchUpTurns.DurationMax);
        var next = turn.BeginStepAsync().AsTask();
        using (await other.WaitAsync(s_limit))
        {
            next.IsCompleted.ShouldBeFalse();
        }

        await next.WaitAsync(s_limit);
        others.ForEach(static taken => taken.Dispose());
    }

    [Fact]
    public async Task ClientThatGoesWhileItWaits_KeepsNoTurn()
    {
        using var turns = new CatchUpTurns();
        var others = await TakeAllButOneAsync(turns);
        using var aborted = new CancellationTokenSource();
        var turn = new SteppedTurn(turns, _time, aborted.Token);
        await turn.BeginStepAsync().AsTask().WaitAsync(s_limit);
        var other = turns.TakeAsync(CancellationToken.None).AsTask();
        _time.Advance(CatchUpTurns.DurationMax);
        var next = turn.BeginStepAsync().AsTask();

        await aborted.CancelAsync();

        await Should.ThrowAsync<OperationCanceledException>(() => next.WaitAsync(s_limit));
        turn.Dispose();
        var last = turns.TakeAsync(CancellationToken.None).AsTask();
        using (await other.WaitAsync(s_limit))
        {
            last.IsCompleted.ShouldBeFalse();
        }

        (await last.WaitAsync(s_limit)).Dispose();
        others.ForEach(static taken => taken.Dispose());
    }

    private static async Task<List<CatchUpTurns.Turn>> TakeAllButOneAsync(CatchUpTurns turns)
    {
        var taken = new List<CatchUpTurns.Turn>();
        for (var count = 2; count < Environment.ProcessorCount; count++)
        {
            taken.Add(await turns.TakeAsync(CancellationToken.None).AsTask().WaitAsync(s_limit));
        }

        return taken;
    }
}
