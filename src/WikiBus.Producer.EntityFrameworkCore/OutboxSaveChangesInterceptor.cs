using System.Transactions;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Diagnostics;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Storage;
using WikiBus.Producer.Outbox;

namespace WikiBus.Producer.EntityFrameworkCore;

/// <summary>
/// Lets <c>SaveChanges</c> have a transaction if events wait, which Entity Framework leaves out for one statement, and
/// for none.
/// </summary>
internal sealed class OutboxSaveChangesInterceptor : SaveChangesInterceptor
{
    private DbContext? _saving;
    private DatabaseFacade? _database;
    private AutoTransactionBehavior? _usualBehavior;

    public OutboxSaveChangesInterceptor(OutboxScope scope)
    {
        Scope = scope;

        // Interceptors that are called after this one may publish, too.
        scope.Collected += () =>
        {
            if (_database is not null)
            {
                NeedTransaction(_database);
            }
        };
    }

    public OutboxScope Scope { get; }

    public override InterceptionResult<int> SavingChanges(
        DbContextEventData eventData, InterceptionResult<int> result)
    {
        Begin(eventData.Context!);
        return result;
    }

    public override ValueTask<InterceptionResult<int>> SavingChangesAsync(
        DbContextEventData eventData, InterceptionResult<int> result, CancellationToken cancellationToken = default)
    {
        Begin(eventData.Context!);
        return ValueTask.FromResult(result);
    }

    public override int SavedChanges(SaveChangesCompletedEventData eventData, int result)
    {
        if (NeedsOwnTransaction(eventData.Context!))
        {
            eventData.Context!.Database.CreateExecutionStrategy().Execute(
                eventData.Context,
                static context =>
                {
                    using var transaction = context.Database.BeginTransaction();
                    transaction.Commit();
                });
        }

        return result;
    }

    public override async ValueTask<int> SavedChangesAsync(
        SaveChangesCompletedEventData eventData, int result, CancellationToken cancellationToken = default)
    {
        if (NeedsOwnTransaction(eventData.Context!))
        {
            await eventData.Context!.Database.CreateExecutionStrategy().ExecuteAsync(
                eventData.Context,
                static async (context, cancellation) =>
                {
                    var transaction = await context.Database.BeginTransactionAsync(cancellation).ConfigureAwait(false);
                    await using (transaction.ConfigureAwait(false))
                    {
                        await transaction.CommitAsync(cancellation).ConfigureAwait(false);
                    }
                },
                cancellationToken).ConfigureAwait(false);
        }

        return result;
    }

    public override void SaveChangesCanceled(DbContextEventData eventData) => Fail();

    public override Task SaveChangesCanceledAsync(
        DbContextEventData eventData, CancellationToken cancellationToken = default)
    {
        Fail();
        return Task.CompletedTask;
    }

    private void Begin(DbContext context)
    {
        // No interceptor is told if the one after it threw.
        End();
        (_saving, _database) = (context, context.Database);

        // Interceptors are not told of concurrency exceptions.
        context.SaveChangesFailed += OnFailed;
        if (Scope.HasEvents)
        {
            NeedTransaction(_database);
        }
    }

    private void NeedTransaction(DatabaseFacade database)
    {
        if (Transaction.Current is not null || database.GetEnlistedTransaction() is not null)
        {
            End();
            throw new NotSupportedException(
                "The outbox does not save events in transactions of System.Transactions. Use "
                + "Database.BeginTransaction, or discard the events with IOutbox.Discard.");
        }

        _usualBehavior ??= database.AutoTransactionBehavior;
        database.AutoTransactionBehavior = AutoTransactionBehavior.Always;
    }

    private bool NeedsOwnTransaction(DbContext context)
    {
        End();
        if (!Scope.HasEvents || HasChanges(context))
        {
            return false;
        }

        // The context regards the changes as saved. If they are rolled back, nobody saves them again.
        if (context.Database.CurrentTransaction is { } transaction)
        {
            Scope.Bind(transaction.GetDbTransaction());
        }

        return Scope.AwaitsTransaction;
    }

    private void OnFailed(object? sender, SaveChangesFailedEventArgs arguments) => Fail();

    private void Fail()
    {
        End();
        Scope.MarkTried();
    }

    private void End()
    {
        if (_saving is null)
        {
            return;
        }

        // The context may be disposed.
        _saving.SaveChangesFailed -= OnFailed;
        _database!.AutoTransactionBehavior = _usualBehavior ?? _database.AutoTransactionBehavior;
        (_saving, _database, _usualBehavior) = (null, null, null);
    }

    // SaveChanges has detected the changes already.
    private static bool HasChanges(DbContext context)
    {
        var tracker = context.ChangeTracker;
        var detects = tracker.AutoDetectChangesEnabled;
        tracker.AutoDetectChangesEnabled = false;
        try
        {
            return tracker.HasChanges();
        }
        finally
        {
            tracker.AutoDetectChangesEnabled = detects;
        }
    }
}
