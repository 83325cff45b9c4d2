using Microsoft.Extensions.Time.Testing;
using WikiBus.Storage.Writing;

namespace WikiBus.Storage.Tests.Logs;

public sealed class PreparationPaceTests
{
    private const long Length = 256 << 20;
    private const long FrameBytes = 150 * 1024;
    private const long LargeFrameBytes = 300 * 1024;

    private static readonly TimeSpan _idle = TimeSpan.FromMilliseconds(20);
    private static readonly TimeSpan _longestWait = TimeSpan.FromMilliseconds(100);

    private readonly FakeTimeProvider _time = new();
    private readonly PreparationPace _pace;

    public PreparationPaceTests() => _pace = new PreparationPace(_time);

    [Theory]
    [InlineData(0.25, 0.0, false)]
    [InlineData(0.37, 0.0, false)]
    [InlineData(0.40, 0.0, true)]
    [InlineData(0.40, 0.1, false)]
    [InlineData(0.70, 0.5, true)]
    [InlineData(0.70, 0.7, false)]
    [InlineData(0.94, 0.999, true)]
    public void WhileFramesCome_ItGoesOnInStepWithTheSegmentInUse(double used, double prepared, bool goesOn)
    {
        WriteFrames(FrameBytes, used);

        Wait(prepared).IsCompleted.ShouldBe(goesOn);
    }

    [Fact]
    public void SegmentThatWasNotPrepared_IsNoReasonToWait()
    {
        _pace.FrameWritten(FrameBytes, FrameBytes, preparedLength: 0);

        Wait(prepared: 0.5).IsCompleted.ShouldBeTrue();
    }

    [Fact]
    public async Task WhenNoFrameCame_ItGoesOn()
    {
        WriteFrames(FrameBytes, used: 0.25);
        var wait = Wait(prepared: 0);

        _time.Advance(_idle);

        await wait.WaitAsync(TimeSpan.FromSeconds(30));
    }

    [Fact]
    public async Task LargeFrames_StopIt_ButForTheLongestWait()
    {
        WriteFrames(LargeFrameBytes, used: 0.9);
        var wait = Wait(prepared: 0);
        wait.IsCompleted.ShouldBeFalse();
        WriteLargeFramesFor(_longestWait - _idle);
        wait.IsCompleted.ShouldBeFalse();
        WriteLargeFramesFor(2 * _idle);
        await wait.WaitAsync(TimeSpan.FromSeconds(30));
    }

    private void WriteLargeFramesFor(TimeSpan duration)
    {
        for (var passed = TimeSpan.Zero; passed < duration; passed += _idle / 2)
        {
            _time.Advance(_idle / 2);
            WriteFrames(LargeFrameBytes, used: 0.9);
        }
    }

    private void WriteFrames(long bytes, double used)
    {
        // Enough of them to make the average theirs.
        for (var frame = 0; frame < 200; frame++)
        {
            _pace.FrameWritten(bytes, (long)(Length * used), Length);
        }
    }

    private Task Wait(double prepared) => _pace.WaitAsync((long)(Length * prepared), Length, CancellationToken.None);
}
