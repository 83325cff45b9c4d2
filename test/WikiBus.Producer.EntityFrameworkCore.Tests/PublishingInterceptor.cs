using Microsoft.EntityFrameworkCore.Diagnostics;

namespace WikiBus.Producer.EntityFrameworkCore.Tests;

/// <summary>Publishes an event whenever changes are saved, as wikis do that derive events from changes.</summary>
internal sealed class PublishingInterceptor : SaveChangesInterceptor
{
    public EfScope? Scope { get; set; }

    public override InterceptionResult<int> SavingChanges(DbContextEventData eventData, InterceptionResult<int> result)
    {
        Scope?.Publish();
        return result;
    }

    public override ValueTask<InterceptionResult<int>> SavingChangesAsync(
        DbContextEventData eventData, InterceptionResult<int> result, CancellationToken cancellationToken = default) =>
        ValueTask.FromResult(SavingChanges(eventData, result));
}
