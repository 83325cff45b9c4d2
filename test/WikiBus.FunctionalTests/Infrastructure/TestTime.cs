namespace WikiBus.FunctionalTests.Infrastructure;

/// <summary>
/// The time limit of functional tests. It is generous, because it ends a hang, and does not measure.
/// </summary>
internal static class TestTime
{
    public static readonly TimeSpan Limit = TimeSpan.FromMinutes(2);

    /// <summary>Cancelled at the limit.</summary>
    public static CancellationToken Token() => new CancellationTokenSource(Limit).Token;
}
