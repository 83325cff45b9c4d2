using System.Data.Common;
using WikiBus.Producer.Outbox;

namespace WikiBus.Producer;

/// <summary>
/// A transaction of the wiki that also stores the events which are published in it. Disposing it without a commit
/// rolls it back: then none of the events is sent. It is not safe for concurrent use.
/// </summary>
public sealed class OutboxTransaction : IAsyncDisposable
{
    private readonly OutboxScope _scope;

    internal OutboxTransaction(OutboxScope scope, DbTransaction transaction)
    {
        _scope = scope;
        Transaction = transaction;
    }

    /// <summary>The transaction of the database, for commands.</summary>
    public DbTransaction Transaction { get; }

    /// <summary>Stores the events, and commits.</summary>
    /// <param name="cancellationToken">Ends the wait.</param>
    public async Task CommitAsync(CancellationToken cancellationToken = default)
    {
        await _scope.SaveAsync(Transaction.Connection!, Transaction, cancellationToken).ConfigureAwait(false);
        await Transaction.CommitAsync(cancellationToken).ConfigureAwait(false);
        _scope.Wake();
    }

    /// <summary>Rolls back, and forgets the events.</summary>
    /// <param name="cancellationToken">Ends the wait.</param>
    public Task RollbackAsync(CancellationToken cancellationToken = default)
    {
        _scope.Leave(Transaction);
        return Transaction.RollbackAsync(cancellationToken);
    }

    /// <summary>Makes a savepoint, which events can be rolled back to.</summary>
    /// <param name="savepoint">Its name.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public async Task SaveAsync(string savepoint, CancellationToken cancellationToken = default)
    {
        await Transaction.SaveAsync(savepoint, cancellationToken).ConfigureAwait(false);
        _scope.AddSavepoint(savepoint);
    }

    /// <summary>Rolls back to a savepoint, and forgets the events that were published after it.</summary>
    /// <param name="savepoint">Its name, as in <see cref="SaveAsync"/>.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public async Task RollbackAsync(string savepoint, CancellationToken cancellationToken = default)
    {
        await Transaction.RollbackAsync(savepoint, cancellationToken).ConfigureAwait(false);
        _scope.RollBackTo(savepoint);
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync()
    {
        _scope.Leave(Transaction);
        return Transaction.DisposeAsync();
    }
}
