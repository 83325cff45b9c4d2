using System.Data.Common;
using Microsoft.EntityFrameworkCore.Diagnostics;

namespace WikiBus.Producer.EntityFrameworkCore.Tests;

/// <summary>Lets commits fail before or after the database did them. Cancels and suppresses SaveChanges.</summary>
internal sealed class FaultInterceptor : IDbTransactionInterceptor, ISaveChangesInterceptor
{
    /// <summary>How many commits still fail, and are not done.</summary>
    public int BeforeCommit { get; set; }

    /// <summary>How many commits still fail, although they are done.</summary>
    public int AfterCommit { get; set; }

    public bool Cancels { get; set; }

    public bool Suppresses { get; set; }

    public InterceptionResult TransactionCommitting(
        DbTransaction transaction, TransactionEventData eventData, InterceptionResult result)
    {
        if (BeforeCommit > 0)
        {
            BeforeCommit--;
            throw new TransientException();
        }

        return result;
    }

    public void TransactionCommitted(DbTransaction transaction, TransactionEndEventData eventData)
    {
        if (AfterCommit > 0)
        {
            AfterCommit--;
            throw new TransientException();
        }
    }

    public InterceptionResult<int> SavingChanges(DbContextEventData eventData, InterceptionResult<int> result) =>
        Suppresses ? InterceptionResult<int>.SuppressWithResult(0) : result;

    public ValueTask<InterceptionResult> TransactionCommittingAsync(
        DbTransaction transaction,
        TransactionEventData eventData,
        InterceptionResult result,
        CancellationToken cancellationToken = default) =>
        ValueTask.FromResult(TransactionCommitting(transaction, eventData, result));

    public Task TransactionCommittedAsync(
        DbTransaction transaction, TransactionEndEventData eventData, CancellationToken cancellationToken = default)
    {
        TransactionCommitted(transaction, eventData);
        return Task.CompletedTask;
    }

    public ValueTask<InterceptionResult<int>> SavingChangesAsync(
        DbContextEventData eventData, InterceptionResult<int> result, CancellationToken cancellationToken = default) =>
        ValueTask.FromResult(SavingChanges(eventData, result));

    public InterceptionResult<DbTransaction> TransactionStarting(
        DbConnection connection, TransactionStartingEventData eventData, InterceptionResult<DbTransaction> result) =>
        Cancels ? throw new OperationCanceledException() : result;

    public ValueTask<InterceptionResult<DbTransaction>> TransactionStartingAsync(
        DbConnection connection,
        TransactionStartingEventData eventData,
        InterceptionResult<DbTransaction> result,
        CancellationToken cancellationToken = default) =>
        ValueTask.FromResult(TransactionStarting(connection, eventData, result));
}
