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
internal sealed class OutboxScope(
    OutboxDatabase database,
    OutboxSignal signal,
    OutboxDiagnostics diagnostics,
    IOptions<ProducerOptions> options,
    TimeProvider clock,
    ILogger<OutboxScope> logger) : IOutbox, IDisposable
{
    private readonly List<OutboxEvent> _events = [];
    private readonly List<OutboxEvent> _own = [];
    private DbTransaction? _transaction;
    private int _countBefore;
    private long _bytes;
    private bool _seesItsEnd;
    private bool _isUnsaved;
    private bool _isSaved;

    /// <summary>Whether events belong to a transaction, which has not ended.</summary>
    public bool IsInTransaction => _transaction is not null;

    /// <summary>How many events wait for the transaction.</summary>
    public int Count => _events.Count;

    /// <summary>
    /// Whether events can be collected outside of a transaction, because the scope has a <c>DbContext</c> whose next
    /// commit saves them.
    /// </summary>
    public bool HasUnitOfWork { get; set; }

    /// <summary>Collects events: all, or none if it throws.</summary>
    /// <exception cref="InvalidOperationException">There is no transaction, or too much is collected.</exception>
    public void Add(IEnumerable<OutboxEvent> events)
    {
        var list = _transaction is not null || HasUnitOfWork ? _events
            : options.Value.Outbox.OpensOwnTransaction ? _own
            : throw new InvalidOperationException(
                "Events are published in a transaction: call IOutbox.BeginTransactionAsync or IOutbox.Enlist before, "
                + "or set Outbox.OpensOwnTransaction.");
        var added = events.ToList();
        var bytes = _bytes + BytesOf(added);
        if (bytes > options.Value.QueueBytesMax)
        {
            throw new InvalidOperationException(
                $"The events of a transaction have {bytes} bytes; QueueBytesMax allows {options.Value.QueueBytesMax}.");
        }

        _bytes = bytes;
        list.AddRange(added);
        _isUnsaved |= list == _events && added.Count > 0;
    }

    public async Task<OutboxTransaction> BeginTransactionAsync(
        DbConnection connection, IsolationLevel isolationLevel, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(connection);
        CheckNoTransaction();
        var transaction = await connection.BeginTransactionAsync(isolationLevel, cancellationToken)
            .ConfigureAwait(false);
        Enter(transaction, seesItsEnd: true);
        return new OutboxTransaction(this, transaction);
    }

    public void Enlist(DbTransaction transaction)
    {
        ArgumentNullException.ThrowIfNull(transaction);
        CheckNoTransaction();
        Enter(transaction, seesItsEnd: false);
    }

    public async Task SaveAsync(
        DbConnection connection, DbTransaction transaction, CancellationToken cancellationToken)
    {
        if (CreateInsert(connection, transaction) is { } command)
        {
            await using (command.ConfigureAwait(false))
            {
                await command.ExecuteNonQueryAsync(cancellationToken).ConfigureAwait(false);
            }
        }

        Saved();
    }

    public void Discard()
    {
        Truncate(0);
        _transaction = null;
        _countBefore = 0;
    }

    /// <summary>Events belong to this transaction from now on. Those of one that ended without a commit go.</summary>
    /// <param name="transaction">The transaction.</param>
    /// <param name="seesItsEnd">Whether the scope is told if it is committed.</param>
    public void Enter(DbTransaction transaction, bool seesItsEnd)
    {
        Leave();
        _transaction = transaction;
        _countBefore = _events.Count;
        _seesItsEnd = seesItsEnd;
    }

    /// <summary>The transaction ended without a commit, if it did not end before. Its events go.</summary>
    public void Leave(DbTransaction transaction)
    {
        if (_transaction == transaction)
        {
            Leave();
        }
    }

    /// <summary>The statement that saves the collected events; null if there are none.</summary>
    public DbCommand? CreateInsert(DbConnection connection, DbTransaction transaction)
    {
        ArgumentNullException.ThrowIfNull(connection);
        ArgumentNullException.ThrowIfNull(transaction);
        return _events.Count == 0 ? null : CreateInsert(_events, connection, transaction);
    }

    /// <summary>The collected events were saved, and their transaction ends.</summary>
    public void Saved()
    {
        _isSaved |= _events.Count > 0;
        Truncate(0);
        _transaction = null;
        _countBefore = 0;
    }

    /// <summary>The collected events stay for another try, but it is no fault if there is none.</summary>
    public void NotSaved() => _isUnsaved = false;

    /// <summary>Forgets the events after the first ones.</summary>
    public void Truncate(int count)
    {
        _bytes -= BytesOf(_events.Skip(count));
        _events.RemoveRange(count, _events.Count - count);
        _isUnsaved &= count > 0;
    }

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
                    var command = CreateInsert(_own, connection, transaction);
                    await using (command.ConfigureAwait(false))
                    {
                        await command.ExecuteNonQueryAsync(cancellation).ConfigureAwait(false);
                    }

                    await transaction.CommitAsync(cancellation).ConfigureAwait(false);
                }
            }

            _bytes -= BytesOf(_own);
            _own.Clear();
            _isSaved = true;
        }

        Wake();
    }

    public void Dispose()
    {
        Wake();
        if (_seesItsEnd)
        {
            Leave();
        }

        var count = (_isUnsaved ? _events.Count : 0) + _own.Count;
        _events.Clear();
        _own.Clear();
        if (count > 0)
        {
            diagnostics.NeverSaved(count);
            logger.NeverSaved(count);
        }
    }

    private void Leave()
    {
        if (_transaction is not null)
        {
            Truncate(_countBefore);
            _transaction = null;
        }
    }

    private void CheckNoTransaction()
    {
        if (_transaction is { Connection: not null })
        {
            throw new InvalidOperationException("This scope has a transaction already, which has not ended.");
        }
    }

    private static long BytesOf(IEnumerable<OutboxEvent> events) => events.Sum(item => (long)item.Bytes.Length);

    private DbCommand CreateInsert(List<OutboxEvent> events, DbConnection connection, DbTransaction transaction)
    {
        var command = connection.CreateCommand();
        command.Transaction = transaction;
        database.Dialect.WriteInsert(
            command,
            clock.GetUtcNow(),
            events.GroupBy(item => item.Queue).Select(group =>
                new NewRow(group.Key, OutboxBody.Join(group.Key.Dialect, [.. group.Select(item => item.Bytes)]))));
        return command;
    }
}
