using System.Data;
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
    private readonly DbConnection _connection;

    internal OutboxTransaction(OutboxScope scope, DbConnection connection, DbTransaction transaction)
    {
        _scope = scope;
        _connection = connection;
        Transaction = transaction;
    }

    /// <summary>The transaction of the database, for commands. It is ended by the methods of this class.</summary>
    public DbTransaction Transaction { get; }

    /// <summary>Stores the events, and commits.</summary>
    /// <param name="cancellationToken">Ends the wait.</param>
    public async Task CommitAsync(CancellationToken cancellationToken = default)
    {
        await _scope.SaveAsync(_connection, Transaction, cancellationToken).ConfigureAwait(false);
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
        // If the wiki ended it past this class, its events were not saved. A broken connection has ended it, too.
        if (_connection.State == ConnectionState.Open && OutboxScope.HasEnded(Transaction))
        {
            _scope.EndUnsaved(Transaction);
        }
        else
        {
            _scope.Leave(Transaction);
        }

        return Transaction.DisposeAsync();
    }
}
