using System.Collections.Concurrent;
using Microsoft.Extensions.Time.Testing;

namespace WikiBus.Producer.Tests.Outbox;

/// <summary>Time that a test moves, and the delays that were asked for.</summary>
internal sealed class TestClock() : FakeTimeProvider(new DateTimeOffset(2026, 11, 30, 12, 0, 0, TimeSpan.Zero))
{
    private static readonly TimeSpan s_step = TimeSpan.FromMilliseconds(250);

    public ConcurrentQueue<TimeSpan> Delays { get; } = new();

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        Delays.Enqueue(dueTime);
        return base.CreateTimer(callback, state, dueTime, period);
    }

    /// <summary>Moves the time in small steps until something is true.</summary>
    public async Task UntilAsync(Func<bool> isTrue, TimeSpan? step = null)
    {
        var limit = TestTime.Token();
        while (!isTrue())
        {
            Advance(step ?? s_step);
            await Task.Delay(TimeSpan.FromMilliseconds(1), System, limit);
        }
    }
}
