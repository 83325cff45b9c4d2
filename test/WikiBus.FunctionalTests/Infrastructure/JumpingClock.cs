namespace WikiBus.FunctionalTests.Infrastructure;

/// <summary>The machine's clock, which a test can make wrong.</summary>
internal sealed class JumpingClock : TimeProvider
{
    /// <summary>How wrong it is.</summary>
    public TimeSpan Error { get; set; }

    public override DateTimeOffset GetUtcNow() => System.GetUtcNow() + Error;
}
