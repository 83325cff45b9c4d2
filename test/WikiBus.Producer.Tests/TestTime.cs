namespace WikiBus.Producer.Tests;

/// <summary>Limits for what a test awaits: a guard against hangs.</summary>
internal static class TestTime
{
    public static readonly TimeSpan Limit = TimeSpan.FromMinutes(1);

    public static CancellationToken Token() => new CancellationTokenSource(Limit).Token;
}
