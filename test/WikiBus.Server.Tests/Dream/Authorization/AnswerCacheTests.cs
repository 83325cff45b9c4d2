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

        Task<DekiAnswer<string>> FindAsync() => cache.FindAsync("a", Ask, CancellationToken.None).WaitAsync(s_limit);

        var both = new[] { FindAsync(), FindAsync() };
        gate.SetResult(new DekiAnswer<string>(null, "down"));
        (await Task.WhenAll(both)).ShouldAllBe(static answer => answer.Fault == "down");
        asked.ShouldBe(1);
        gate = new TaskCompletionSource<DekiAnswer<string>>();
        gate.SetResult(new DekiAnswer<string>("key"));
        (await FindAsync()).Value.ShouldBe("key");
        (await FindAsync()).Value.ShouldBe("key");
        asked.ShouldBe(2);
    }

    [Fact]
    public async Task WhoeverGivesUp_DoesNotEndTheCallForOthers()
    {
        var cache = new AnswerCache<string, string>(_time);
        var gate = new TaskCompletionSource<DekiAnswer<string>>(TaskCreationOptions.RunContinuationsAsynchronously);
        using var giving = new CancellationTokenSource();
        var first = cache.FindAsync("a", () => gate.Task, giving.Token);
        var second = cache.FindAsync("a", () => throw new InvalidOperationException(), CancellationToken.None);
        await giving.CancelAsync();
        await Should.ThrowAsync<OperationCanceledException>(() => first.WaitAsync(s_limit));
        gate.SetResult(new DekiAnswer<string>("key"));
        (await second.WaitAsync(s_limit)).Value.ShouldBe("key");
    }
}
