using System.Data;
using System.Data.Common;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using WikiBus.Producer.Outbox.Databases;

namespace WikiBus.Producer.Outbox;

/// <summary>
/// The events that one scope collects for its transaction. After a rollback they are forgotten; what was never saved,
/// although nothing was rolled back, is an Error when the scope ends.
/// </summary>
/// <remarks>
/// A scope has at most one transaction, which ends saved, unsaved (its events are lost, an Error), or left (rolled
/// back). Saving writes a row for the events that have none; the commit then removes them from the scope. A rollback
/// forgets the events that were published in the transaction; those from before it, which only a <c>DbContext</c> has,
/// wait for the next one. The scope does not see the end of an enlisted transaction, so for it <see cref="SaveAsync"/>
/// or <see cref="Discard"/> is the end. Events outside of any transaction wait in a list of their own for
/// <see cref="FlushAsync"/>.
/// </remarks>
internal sealed class OutboxScope(
    OutboxDatabase database,
    OutboxSignal signal,
    OutboxDiagnostics diagnostics,
    IOptions<ProducerOptions> options,
    TimeProvider clock,
    ILogger<OutboxScope> logger) : IOutbox, IDisposable
{
    private readonly CollectedEvents _events = new();
    private readonly List<OutboxEvent> _own = [];
    private DbTransaction? _transaction;
    private long _ownBytes;
    private bool _seesItsEnd;
    private bool _isSaved;
    private bool _isDisposed;

    /// <summary>Whether events belong to a transaction, which has not ended.</summary>
    public bool IsInTransaction => _transaction is not null;

    /// <summary>
    /// Called when events were collected. If somebody listens, the scope has a <c>DbContext</c> whose next commit saves
    /// them: then events can be collected outside of a transaction.
    /// </summary>
    public event Action? Collected;

    /// <summary>Whether events wait for the next transaction, because there is none now.</summary>
    public bool AwaitsTransaction => _transaction is null && _events.Count > 0;

    /// <summary>Whether events wait.</summary>
    public bool HasEvents => _events.Count > 0;

    /// <summary>Whether a transaction was committed or rolled back. Then reading its level throws.</summary>
    public static bool HasEnded(DbTransaction transaction)
    {
        try
        {
            _ = transaction.IsolationLevel;
            return transaction.Connection is null;
        }
        catch (InvalidOperationException)
        {
            return true;
        }
    }

    /// <summary>Collects events: all, or none if it throws.</summary>
    /// <exception cref="InvalidOperationException">There is no transaction, or too much is collected.</exception>
    /// <exception cref="ObjectDisposedException">The scope has ended.</exception>
    public void Add(IEnumerable<OutboxEvent> events)
    {
        ObjectDisposedException.ThrowIf(_isDisposed, this);
        var added = events.ToList();
        if (added.Count == 0)
        {
            return;   // They are of kinds, or for streams, that are not sent.
        }

        if (_transaction is not null && !_seesItsEnd && HasEnded(_transaction))
        {
            EndUnsaved();
        }

        var isOwn = _transaction is null && Collected is null;
        if (isOwn && !options.Value.Outbox.OpensOwnTransaction)
        {
            throw new InvalidOperationException(
                "There is no transaction for the events. Before they are published, call "
                + "IOutbox.BeginTransactionAsync or IOutbox.Enlist, or resolve the DbContext that has "
                + "UseWikiBusOutbox; or set Outbox.OpensOwnTransaction.");
        }

        var addedBytes = added.Sum(item => (long)item.Bytes.Length);
        var bytes = _events.Bytes + _ownBytes + addedBytes;
        if (bytes > options.Value.QueueBytesMax)
        {
            throw new InvalidOperationException(
                $"The events of a transaction have {bytes} bytes; QueueBytesMax allows {options.Value.QueueBytesMax}.");
        }

        if (isOwn)
        {
            _own.AddRange(added);
            _ownBytes += addedBytes;
        }
        else
        {
            _events.Add(added);
            Collected?.Invoke();
        }
    }

    public async Task<OutboxTransaction> BeginTransactionAsync(
        DbConnection connection, IsolationLevel isolationLevel, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(connection);
        CheckNoTransaction();
        var transaction = await connection.BeginTransactionAsync(isolationLevel, cancellationToken)
            .ConfigureAwait(false);
        Begin(transaction, seesItsEnd: true);
        return new OutboxTransaction(this, connection, transaction);
    }

    public void Enlist(DbTransaction transaction)
    {
        ArgumentNullException.ThrowIfNull(transaction);
        CheckNoTransaction();
        Begin(transaction, seesItsEnd: false);
    }

    public async Task SaveAsync(
        DbConnection connection, DbTransaction transaction, CancellationToken cancellationToken)
    {
        if (CreateInsert(connection, transaction) is { } command)
        {
            await command.ExecuteAsync(cancellationToken).ConfigureAwait(false);
            _events.MarkWritten();
        }

        EndSaved();
    }

    public void Discard()
    {
        _events.Clear();
        if (!_seesItsEnd)
        {
            _transaction = null;
        }
    }

    /// <summary>Events belong to this transaction from now on.</summary>
    /// <param name="transaction">The transaction.</param>
    /// <param name="seesItsEnd">Whether the scope is told how it ends.</param>
    /// <returns>False if another transaction of the scope has not ended, and gets the events.</returns>
    public bool TryEnter(DbTransaction transaction, bool seesItsEnd)
    {
        // With seesItsEnd it is a new transaction, although Npgsql uses the object of one that ended again.
        if (_transaction == transaction && !seesItsEnd)
        {
            return true;
        }

        if (_transaction is not null && _seesItsEnd)
        {
            return false;
        }

        Begin(transaction, seesItsEnd);
        return true;
    }

    /// <summary>The transaction ended without a commit, if it did not end before. Its events go.</summary>
    public void Leave(DbTransaction transaction)
    {
        if (_transaction == transaction)
        {
            _transaction = null;
            _events.RollBack();
        }
    }

    /// <summary>The transaction was committed without its events, which are lost.</summary>
    public void EndUnsaved(DbTransaction transaction)
    {
        if (_transaction == transaction)
        {
            _transaction = null;
            Lose(_events.RollBack());
        }
    }

    /// <summary>The statement that saves the collected events; null if there are none.</summary>
    public DbCommand? CreateInsert(DbConnection connection, DbTransaction transaction)
    {
        ArgumentNullException.ThrowIfNull(connection);
        ArgumentNullException.ThrowIfNull(transaction);
        return _events.Unwritten is { Count: > 0 } events ? CreateInsert(events, connection, transaction) : null;
    }

    /// <summary>The statement was executed. The events stay until the commit.</summary>
    public void MarkWritten()
    {
        _events.MarkWritten();
        _events.MarkTried();
    }

    /// <summary>The transaction was committed, or nobody tells the scope if it is. Events that have rows go.</summary>
    public void EndSaved()
    {
        _isSaved |= _events.Commit() > 0;
        _transaction = null;
    }

    /// <summary>Saving failed. The events stay for another try, but it is no fault if there is none.</summary>
    public void MarkTried() => _events.MarkTried();

    /// <summary>The transaction has the changes of all events: they go if it is rolled back.</summary>
    public void Bind(DbTransaction transaction)
    {
        if (_transaction == transaction)
        {
            _events.Bind();
        }
    }

    /// <summary>The transaction has a new savepoint.</summary>
    public void AddSavepoint(string name) => _events.AddSavepoint(name);

    /// <summary>The transaction was rolled back to a savepoint. The events that were published after it go.</summary>
    public void RollBackTo(string name) => _events.RollBackTo(name);

    /// <summary>The transaction released a savepoint.</summary>
    public void Release(string name) => _events.Release(name);

    /// <summary>A transaction was committed: the relay has work.</summary>
    public void Wake()
    {
        if (_isSaved)
        {
            _isSaved = false;
            signal.Wake();
        }
    }

    /// <summary>Saves, in a transaction of its own, what was published outside of transactions.</summary>
    public async Task FlushAsync(CancellationToken cancellation)
    {
        if (_own.Count > 0)
        {
            var connection = await database.OpenAsync(cancellation).ConfigureAwait(false);
            await using (connection.ConfigureAwait(false))
            {
                var transaction = await connection.BeginTransactionAsync(cancellation).ConfigureAwait(false);
                await using (transaction.ConfigureAwait(false))
                {
                    await CreateInsert(_own, connection, transaction).ExecuteAsync(cancellation).ConfigureAwait(false);
                    await transaction.CommitAsync(cancellation).ConfigureAwait(false);
                }
            }

            _own.Clear();
            _ownBytes = 0;
            _isSaved = true;
        }

        Wake();
    }

    public void Dispose()
    {
        _isDisposed = true;
        Wake();
        if (_seesItsEnd && _transaction is not null)
        {
            Leave(_transaction);
        }

        // The services dispose of it twice: as OutboxScope and as IOutbox.
        var count = _events.Untried + _own.Count;
        _events.Clear();
        _own.Clear();
        Lose(count);
    }

    private void Begin(DbTransaction transaction, bool seesItsEnd)
    {
        EndUnsaved();
        _transaction = transaction;
        _seesItsEnd = seesItsEnd;
        _events.Begin();
    }

    // After a rollback the wiki calls Discard. So an enlisted transaction was committed without its events.
    private void EndUnsaved()
    {
        if (_transaction is not null)
        {
            EndUnsaved(_transaction);
        }
    }

    private void Lose(int count)
    {
        if (count > 0)
        {
            diagnostics.NeverSaved(count);
            logger.NeverSaved(count);
        }
    }

    private void CheckNoTransaction()
    {
        if (_transaction is not null && (_seesItsEnd || !HasEnded(_transaction)))
        {
            throw new InvalidOperationException("This scope has a transaction already, which has not ended.");
        }
    }

    private DbCommand CreateInsert(
        IReadOnlyList<OutboxEvent> events, DbConnection connection, DbTransaction transaction)
    {
        var command = connection.CreateCommand().Within(transaction);
        database.Dialect.WriteInsert(
            command,
            clock.GetUtcNow(),
            events.GroupBy(item => item.Queue).Select(group =>
                new NewRow(group.Key, OutboxBody.Join(group.Key.Dialect, [.. group.Select(item => item.Bytes)]))));
        return command;
    }
}
