using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Storage;
using Microsoft.Extensions.DependencyInjection;
using WikiBus.Events.MediaWiki;

namespace WikiBus.Producer.EntityFrameworkCore.Tests;

/// <summary>What an action of a user has. Methods are synchronous or asynchronous inside.</summary>
internal sealed class EfScope(IServiceProvider services, bool isAsync)
{
    public IServiceProvider Services => services;

    public WikiContext Context { get; } = services.GetRequiredService<WikiContext>();

    public IOutbox Outbox { get; } = services.GetRequiredService<IOutbox>();

    public IWikiEventPublisher Publisher { get; } = services.GetRequiredService<IWikiEventPublisher>();

    /// <summary>Publishes an event of a page, and returns its id.</summary>
    public Guid Publish(long page = 1)
    {
        var item = Publisher.Events.NullEdit(
            Publisher.NewContext(), new WikiPage { Id = page, Title = $"Page {page}" });
        Publisher.Publish(item);
        return item.Id;
    }

    /// <summary>Publishes an event of a page that is new, and returns the event's id.</summary>
    public Guid Add(long page)
    {
        Context.Pages.Add(new Page { Id = page, Title = $"Page {page}" });
        return Publish(page);
    }

    public Task SaveAsync() => Run(() => Context.SaveChanges(), () => Context.SaveChangesAsync(TestTime.Token()));

    public async Task<IDbContextTransaction> BeginAsync() => isAsync
        ? await Context.Database.BeginTransactionAsync(TestTime.Token())
        : Context.Database.BeginTransaction();

    public Task CommitAsync() => Run(
        Context.Database.CommitTransaction, () => Context.Database.CommitTransactionAsync(TestTime.Token()));

    public Task RollBackAsync() => Run(
        Context.Database.RollbackTransaction, () => Context.Database.RollbackTransactionAsync(TestTime.Token()));

    public Task SavepointAsync(string name) => Run(
        () => Transaction.CreateSavepoint(name), () => Transaction.CreateSavepointAsync(name, TestTime.Token()));

    public Task RollBackToAsync(string name) => Run(
        () => Transaction.RollbackToSavepoint(name),
        () => Transaction.RollbackToSavepointAsync(name, TestTime.Token()));

    public Task ReleaseAsync(string name) => Run(
        () => Transaction.ReleaseSavepoint(name), () => Transaction.ReleaseSavepointAsync(name, TestTime.Token()));

    public Task DisposeAsync(IDbContextTransaction transaction) => Run(
        transaction.Dispose, () => transaction.DisposeAsync().AsTask());

    /// <summary>Runs a block in the execution strategy of the context.</summary>
    public Task ExecuteAsync(Func<Task> block)
    {
        var strategy = Context.Database.CreateExecutionStrategy();
        return isAsync
            ? strategy.ExecuteAsync(block)
            : Run(() => strategy.Execute(() => block().GetAwaiter().GetResult()), () => Task.CompletedTask);
    }

    private IDbContextTransaction Transaction => Context.Database.CurrentTransaction!;

    private Task Run(Action action, Func<Task> asyncAction)
    {
        if (isAsync)
        {
            return asyncAction();
        }

        action();
        return Task.CompletedTask;
    }
}
