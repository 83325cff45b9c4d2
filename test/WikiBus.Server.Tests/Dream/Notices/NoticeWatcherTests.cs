using WikiBus.Server.Dream.Notices;

namespace WikiBus.Server.Tests.Dream.Notices;

/// <summary>When somebody who gets the combined set is tried again.</summary>
public sealed class NoticeWatcherTests
{
    private static readonly DateTimeOffset s_now = new(2026, 1, 2, 3, 4, 5, TimeSpan.Zero);

    private readonly NoticeWatcher _watcher = new();

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

    private double[] Delays(int count) => [.. Enumerable.Range(0, count).Select(_ =>
    {
        _watcher.Fail(s_now);
        return (_watcher.NextTry - s_now).TotalSeconds;
    })];
}
