using System.Net;
using Microsoft.Extensions.Time.Testing;
using WikiBus.Server.Access;
using WikiBus.Server.Access.Keys;

namespace WikiBus.Server.Tests.Access.Keys;

public sealed class SlowHashesTests
{
    private static readonly TimeSpan s_limit = TimeSpan.FromSeconds(60);
    private static readonly byte[] s_salt = new byte[16];
    private static readonly IPAddress s_guesser = IPAddress.Parse("192.0.2.1");
    private static readonly IPAddress s_client = IPAddress.Parse("192.0.2.2");

    private readonly PausingTime _time = new();
    private readonly SlowHashes _hashes;

    public SlowHashesTests() => _hashes = new SlowHashes(s_salt, new AccessOptions().ToKeyLimits(), _time);

    [Fact]
    public async Task FirstSecret_IsHashedAtOnce_AndTheNextAfterAPause()
    {
        (await HashAsync("guess-one", s_guesser)).ShouldBe(KeySecret.SlowHash("guess-one", s_salt));
        var second = HashAsync("guess-two", s_guesser);
        var same = HashAsync("guess-two", s_guesser);
        second.IsCompleted.ShouldBeFalse();

        // Known hashes wait for nothing.
        (await HashAsync("guess-one", s_guesser)).ShouldNotBeNull();
        await _time.PassPauseAsync();
        (await second).ShouldBe(await same);
    }

    [Fact]
    public async Task SecretThatIsNotHashedInTime_KeepsItsPlace()
    {
        await HashAsync("guess-one", s_guesser);
        using var gone = new CancellationTokenSource();
        var guess = _hashes.HashAsync("guess-two", s_guesser, gone.Token).AsTask();
        await gone.CancelAsync();
        (await guess.WaitAsync(s_limit, TestContext.Current.CancellationToken)).ShouldBeNull();

        // The same request later finds the hash, or waits for the place that it already has.
        var later = HashAsync("guess-two", s_guesser);
        await _time.PassPauseAsync();
        (await later).ShouldNotBeNull();
    }

    [Fact]
    public async Task NetworkAtItsLimit_IsNotJudged_AndOthersAre()
    {
        await HashAsync("guess", s_guesser);
        var waiting = Enumerable.Range(0, SecretQueue.CountPerNetworkMax)
            .Select(n => HashAsync($"guess-{n}", s_guesser)).ToList();
        (await HashAsync("guess-more", s_guesser)).ShouldBeNull();

        var client = HashAsync("the-secret-of-a-client", s_client);
        await _time.PassPauseAsync();
        await waiting[0];
        await _time.PassPauseAsync();
        (await client).ShouldNotBeNull();
        waiting[1].IsCompleted.ShouldBeFalse();
    }

    [Fact]
    public async Task RightSecret_IsNotPushedOutByGuesses()
    {
        var hash = await _hashes.HashGivenAsync("the-right-secret")
            .WaitAsync(s_limit, TestContext.Current.CancellationToken);
        _hashes.MarkRight("the-right-secret", hash);
        await HashAsync("guess", s_guesser);
        (await HashAsync("the-right-secret", s_guesser)).ShouldBeSameAs(hash);
    }

    private Task<byte[]?> HashAsync(string secret, IPAddress network) =>
        _hashes.HashAsync(secret, network, CancellationToken.None).AsTask()
            .WaitAsync(s_limit, TestContext.Current.CancellationToken);

    /// <summary>A clock that stands still until the pause between two hashes has begun.</summary>
    private sealed class PausingTime : FakeTimeProvider
    {
        private static readonly TimeSpan s_pauseMax = TimeSpan.FromSeconds(1);
        private readonly SemaphoreSlim _pauses = new(0);

        public override ITimer CreateTimer(
            TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
        {
            var timer = base.CreateTimer(callback, state, dueTime, period);
            if (dueTime > TimeSpan.Zero && dueTime <= s_pauseMax)
            {
                _pauses.Release();
            }

            return timer;
        }

        public async Task PassPauseAsync()
        {
            (await _pauses.WaitAsync(s_limit, TestContext.Current.CancellationToken)).ShouldBeTrue();
            Advance(s_pauseMax);
        }
    }
}
