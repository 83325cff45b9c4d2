namespace WikiBus.FunctionalTests.Infrastructure;

/// <summary>
/// The time limits of functional tests: generous, because a limit is there to end a hang and not to measure.
/// </summary>
internal static class TestTime
{
    public static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    /// <summary>Cancelled at the limit.</summary>
    public static CancellationToken Token() => new CancellationTokenSource(Limit).Token;
}
