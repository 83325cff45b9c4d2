namespace WikiBus.FunctionalTests.Infrastructure;

/// <summary>
/// The time limit of functional tests. It is generous, because it ends a hang, and does not measure.
/// </summary>
internal static class TestTime
{
    public static readonly TimeSpan Limit = TimeSpan.FromMinutes(2);

    /// <summary>Cancelled at the limit.</summary>
    public static CancellationToken Token() => new CancellationTokenSource(Limit).Token;

    /// <summary>Waits until a condition holds.</summary>
    public static Task UntilAsync(Func<bool> condition) => UntilAsync(() => Task.FromResult(condition()));

    /// <inheritdoc cref="UntilAsync(Func{bool})"/>
    public static async Task UntilAsync(Func<Task<bool>> condition)
    {
        var limit = Token();
        while (!await condition())
        {
            await Task.Delay(TimeSpan.FromMilliseconds(10), TimeProvider.System, limit);
        }
    }
}
