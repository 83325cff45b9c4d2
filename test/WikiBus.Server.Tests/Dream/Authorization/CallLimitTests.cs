using Microsoft.Extensions.Time.Testing;
using WikiBus.Server.Dream.Authorization;

namespace WikiBus.Server.Tests.Dream.Authorization;

public sealed class CallLimitTests
{
    private static readonly TimeSpan s_limit = TimeSpan.FromSeconds(30);

    private readonly FakeTimeProvider _time = new(new DateTimeOffset(2026, 1, 2, 3, 4, 5, TimeSpan.Zero));

    [Fact]
    public async Task Calls_AreSpaced_AndThoseThatWouldWaitTooLong_AreNotMade()
    {
        var limit = new CallLimit(2, _time);
        var turns = Enumerable.Range(0, 12)
            .Select(_ => limit.TryWaitAsync(TestContext.Current.CancellationToken)).ToList();

        // The turns are after 0, 0.5 … 5 s.
        (await turns[11].WaitAsync(s_limit)).ShouldBeFalse();
        for (var number = 0; number < 11; number++)
        {
            turns.Take(11).Count(static turn => turn.IsCompleted).ShouldBe(number + 1);
            (await turns[number].WaitAsync(s_limit)).ShouldBeTrue();
            _time.Advance(TimeSpan.FromSeconds(0.5));
            if (number < 10)
            {
                await turns[number + 1].WaitAsync(s_limit);
            }
        }
    }

    [Fact]
    public async Task ClockThatIsSetBack_StopsNoCalls()
    {
        _time.AdjustTime(_time.GetUtcNow() + TimeSpan.FromHours(1));
        var limit = new CallLimit(2, _time);
        (await limit.TryWaitAsync(TestContext.Current.CancellationToken)).ShouldBeTrue();
        _time.AdjustTime(_time.GetUtcNow() - TimeSpan.FromHours(1));
        (await limit.TryWaitAsync(TestContext.Current.CancellationToken)).ShouldBeTrue();
    }
}
