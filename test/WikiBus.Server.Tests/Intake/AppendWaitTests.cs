using System.Threading.Tasks.Sources;
using WikiBus.Server.Intake;
using WikiBus.Storage;

namespace WikiBus.Server.Tests.Intake;

public sealed class AppendWaitTests
{
    private static readonly TimeSpan _timeMax = TimeSpan.FromSeconds(10);

    private readonly AppendWait _wait = new();
    private readonly CancellationTokenSource _deadline = new();

    [Fact]
    public async Task AppendCompletesFirst_GivesItsResult()
    {
        var append = new Append();
        var waiting = _wait.WaitAsync(append, _deadline.Token).AsTask();
        waiting.IsCompleted.ShouldBeFalse();

        append.Complete(AppendStatus.Stored);

        (await waiting.WaitAsync(_timeMax)).ShouldBeTrue();
        _wait.TakeResult().Status.ShouldBe(AppendStatus.Stored);
        await _deadline.CancelAsync();
    }

    [Fact]
    public async Task DeadlineFirst_TellsTheLateResultToo()
    {
        var append = new Append();
        var waiting = _wait.WaitAsync(append, _deadline.Token).AsTask();

        await _deadline.CancelAsync();

        (await waiting.WaitAsync(_timeMax)).ShouldBeFalse();
        _wait.Late.IsCompleted.ShouldBeFalse();
        append.Complete(AppendStatus.Unknown);
        await _wait.Late.WaitAsync(_timeMax);
        _wait.TakeResult().Status.ShouldBe(AppendStatus.Unknown);
    }

    [Fact]
    public async Task DeadlineHasPassedBefore_TimesOutAtOnce()
    {
        await _deadline.CancelAsync();
        var append = new Append();
        (await _wait.WaitAsync(append, _deadline.Token)).ShouldBeFalse();
        append.Complete(AppendStatus.Stored);
        await _wait.Late.WaitAsync(_timeMax);
    }

    [Fact]
    public async Task OneWaitAfterTheOther_KeepsThemApart()
    {
        foreach (var status in new[] { AppendStatus.Stored, AppendStatus.Refused, AppendStatus.Stored })
        {
            var append = new Append();
            var waiting = _wait.WaitAsync(append, _deadline.Token).AsTask();
            append.Complete(status);
            (await waiting.WaitAsync(_timeMax)).ShouldBeTrue();
            _wait.TakeResult().Status.ShouldBe(status);
        }
    }

    /// <summary>Both ends come at the same time, many times: exactly one of them wins and none is lost.</summary>
    [Fact]
    public async Task DeadlineAndAppendRace_EndOnce()
    {
        for (var round = 0; round < 2000; round++)
        {
            using var deadline = new CancellationTokenSource();
            var append = new Append();
            var waiting = _wait.WaitAsync(append, deadline.Token).AsTask();
            var race = Task.Run(deadline.Cancel);
            append.Complete(AppendStatus.Stored);
            if (!await waiting.WaitAsync(_timeMax))
            {
                await _wait.Late.WaitAsync(_timeMax);
            }

            _wait.TakeResult().Status.ShouldBe(AppendStatus.Stored);
            await race.WaitAsync(_timeMax);
        }
    }

    private sealed class Append : AppendRequest, IValueTaskSource<AppendResult>
    {
        private ManualResetValueTaskSourceCore<AppendResult> _core;

        public override ValueTask<AppendResult> Completion => new(this, _core.Version);

        public override bool TryWithdraw() => false;

        public void Complete(AppendStatus status) => _core.SetResult(new AppendResult(status, [], null));

        public AppendResult GetResult(short token) => _core.GetResult(token);

        public ValueTaskSourceStatus GetStatus(short token) => _core.GetStatus(token);

        public void OnCompleted(
            Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) =>
            _core.OnCompleted(continuation, state, token, flags);
    }
}
