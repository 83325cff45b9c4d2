using Microsoft.Extensions.Time.Testing;
using WikiBus.Server.Dream.Authorization;

namespace WikiBus.Server.Tests.Dream.Authorization;

public sealed class AnswerCacheTests
{
    private static readonly TimeSpan s_limit = TimeSpan.FromSeconds(30);

    private readonly FakeTimeProvider _time = new(new DateTimeOffset(2026, 1, 2, 3, 4, 5, TimeSpan.Zero));

    [Fact]
    public void Answer_CountsForItsTime()
    {
        var cache = new AnswerCache<string, bool>(_time);
        cache.Set("a", true);
        _time.Advance(AnswerCache<string, bool>.AgeMax - TimeSpan.FromTicks(1));
        cache.TryGet("a", out var isAllowed).ShouldBeTrue();
        isAllowed.ShouldBeTrue();
        _time.Advance(TimeSpan.FromTicks(1));
        cache.TryGet("a", out isAllowed).ShouldBeFalse();
        isAllowed.ShouldBeFalse();
    }

    [Fact]
    public void ClockThatIsSetBack_MakesNoAnswerLiveLonger()
    {
        _time.AdjustTime(_time.GetUtcNow() + TimeSpan.FromHours(1));
        var cache = new AnswerCache<string, bool>(_time);
        cache.Set("a", true);
        _time.AdjustTime(_time.GetUtcNow() - TimeSpan.FromHours(1));
        cache.TryGet("a", out _).ShouldBeFalse();
    }

    [Fact]
    public async Task EqualQuestionsAtOnce_AreAskedOnce_AndAFaultIsNotKept()
    {
        var cache = new AnswerCache<string, string>(_time);
        var gate = new TaskCompletionSource<DekiAnswer<string>>(TaskCreationOptions.RunContinuationsAsynchronously);
        var asked = 0;
        Task<DekiAnswer<string>> Ask()
        {
            Interlocked.Increment(ref asked);
            return gate.Task;
        }

        var both = new[] { cache.FindAsync("a", Ask), cache.FindAsync("a", Ask) };
        gate.SetResult(new DekiAnswer<string>(null, "down"));
        (await Task.WhenAll(both).WaitAsync(s_limit)).ShouldAllBe(static answer => answer.Fault == "down");
        asked.ShouldBe(1);
        gate = new TaskCompletionSource<DekiAnswer<string>>();
        gate.SetResult(new DekiAnswer<string>("key"));
        (await cache.FindAsync("a", Ask).WaitAsync(s_limit)).Value.ShouldBe("key");
        (await cache.FindAsync("a", Ask).WaitAsync(s_limit)).Value.ShouldBe("key");
        asked.ShouldBe(2);
    }
}
