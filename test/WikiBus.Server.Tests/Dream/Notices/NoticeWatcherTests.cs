using WikiBus.Server.Dream.Notices;
using WikiBus.Server.Dream.Sets;
using WikiBus.Server.Dream.Tables;

namespace WikiBus.Server.Tests.Dream.Notices;

/// <summary>When somebody who gets the combined set is tried again.</summary>
public sealed class NoticeWatcherTests
{
    private static readonly DateTimeOffset s_now = new(2026, 1, 2, 3, 4, 5, TimeSpan.Zero);

    private readonly NoticeWatcher _watcher = new()
    {
        Set = new StoredSet(
            1, "loc1", "key", "k", new SubscriptionSet("http://owner/", null, 5, 0, []), new Dictionary<int, string>()),
    };

    [Fact]
    public void NewWatcher_IsTriedImmediately()
    {
        _watcher.TakenVersion.ShouldBe(0);
        _watcher.NextTry.ShouldBeLessThan(s_now);
    }

    [Fact]
    public void Delays_DoubleFromOneSecondToAMinute() =>
        Delays(8).ShouldBe([1, 2, 4, 8, 16, 32, 60, 60]);

    [Fact]
    public void Success_KeepsItsVersion_AndTheNextDelayIsShort()
    {
        Delays(5);
        _watcher.Succeed(7);
        _watcher.TakenVersion.ShouldBe(7);
        _watcher.NextTry.ShouldBeLessThanOrEqualTo(s_now.AddSeconds(16));
        Delays(2).ShouldBe([1, 2]);
        _watcher.TakenVersion.ShouldBe(7);
    }

    [Fact]
    public void Repeat_IsLikeANewWatcher()
    {
        _watcher.Succeed(7);
        Delays(5);
        _watcher.Repeat();
        NewWatcher_IsTriedImmediately();
        Delays(2).ShouldBe([1, 2]);
    }

    [Fact]
    public void RepeatDuringASend_IsNotLost()
    {
        _watcher.IsRunning = true;
        _watcher.Repeat();
        _watcher.Succeed(7);
        _watcher.TakenVersion.ShouldBe(0);
        _watcher.Succeed(7);
        _watcher.TakenVersion.ShouldBe(7);
    }

    private double[] Delays(int count) => [.. Enumerable.Range(0, count).Select(_ =>
    {
        _watcher.Fail(s_now);
        return (_watcher.NextTry - s_now).TotalSeconds;
    })];
}
