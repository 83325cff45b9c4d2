using Microsoft.Extensions.Time.Testing;

namespace WikiBus.Storage.Tests.Logs;

/// <summary>A clock that shows a wrong time, while time itself passes as it does.</summary>
internal sealed class JumpingClock(FakeTimeProvider time) : TimeProvider
{
    /// <summary>How wrong it is.</summary>
    public TimeSpan Error { get; set; }

    public override long TimestampFrequency => time.TimestampFrequency;

    public override DateTimeOffset GetUtcNow() => time.GetUtcNow() + Error;

    public override long GetTimestamp() => time.GetTimestamp();

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) =>
        time.CreateTimer(callback, state, dueTime, period);
}
