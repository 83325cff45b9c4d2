using Microsoft.EntityFrameworkCore.Storage;

namespace WikiBus.Producer.EntityFrameworkCore.Tests;

/// <summary>Retries at once after a <see cref="TransientException"/>.</summary>
internal sealed class TransientRetries(ExecutionStrategyDependencies dependencies)
    : ExecutionStrategy(dependencies, maxRetryCount: 5, maxRetryDelay: TimeSpan.Zero)
{
    protected override bool ShouldRetryOn(Exception exception) => exception is TransientException;

    protected override TimeSpan? GetNextDelay(Exception exception) =>
        base.GetNextDelay(exception) is null ? null : TimeSpan.Zero;
}
