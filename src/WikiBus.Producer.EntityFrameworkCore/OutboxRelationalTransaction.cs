using System.Data.Common;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Diagnostics;
using Microsoft.EntityFrameworkCore.Storage;
using WikiBus.Producer.Outbox;

namespace WikiBus.Producer.EntityFrameworkCore;

/// <summary>
/// A transaction of a context, whose commit saves the events of the scope. They stay collected until the database
/// committed, so that a commit can be tried again.
/// </summary>
internal sealed class OutboxRelationalTransaction : RelationalTransaction
{
    private readonly DbTransaction _transaction;
    private readonly OutboxScope _scope;
    private readonly bool _isOwned;

    // The object of the database's transaction can be that of a later one, too.
    private bool _hasEnded;

    public OutboxRelationalTransaction(
        IRelationalConnection connection,
        DbTransaction transaction,
        Guid transactionId,
        IDiagnosticsLogger<DbLoggerCategory.Database.Transaction> logger,
        bool isOwned,
        ISqlGenerationHelper sqlGenerationHelper,
        OutboxScope scope)
        : base(connection, transaction, transactionId, logger, isOwned, sqlGenerationHelper)
    {
        _transaction = transaction;
        _scope = scope;
        _isOwned = isOwned;
    }

    public override void Commit()
    {
        if (CreateInsert() is var (text, parameters))
        {
            Connection.Context.Database.ExecuteSqlRaw(text, parameters);
            _scope.MarkWritten();
        }

        base.Commit();
        Committed();
    }

    public override async Task CommitAsync(CancellationToken cancellationToken = default)
    {
        if (CreateInsert() is var (text, parameters))
        {
            await Connection.Context.Database.ExecuteSqlRawAsync(text, parameters, cancellationToken)
                .ConfigureAwait(false);
            _scope.MarkWritten();
        }

        await base.CommitAsync(cancellationToken).ConfigureAwait(false);
        Committed();
    }

    public override void Rollback()
    {
        Leave();
        base.Rollback();
    }

    public override Task RollbackAsync(CancellationToken cancellationToken = default)
    {
        Leave();
        return base.RollbackAsync(cancellationToken);
    }

    public override void CreateSavepoint(string name)
    {
        base.CreateSavepoint(name);
        _scope.AddSavepoint(name);
    }

    public override async Task CreateSavepointAsync(string name, CancellationToken cancellationToken = default)
    {
        await base.CreateSavepointAsync(name, cancellationToken).ConfigureAwait(false);
        _scope.AddSavepoint(name);
    }

    public override void RollbackToSavepoint(string name)
    {
        base.RollbackToSavepoint(name);
        _scope.RollBackTo(name);
    }

    public override async Task RollbackToSavepointAsync(string name, CancellationToken cancellationToken = default)
    {
        await base.RollbackToSavepointAsync(name, cancellationToken).ConfigureAwait(false);
        _scope.RollBackTo(name);
    }

    public override void ReleaseSavepoint(string name)
    {
        base.ReleaseSavepoint(name);
        _scope.Release(name);
    }

    public override async Task ReleaseSavepointAsync(string name, CancellationToken cancellationToken = default)
    {
        await base.ReleaseSavepointAsync(name, cancellationToken).ConfigureAwait(false);
        _scope.Release(name);
    }

    public override void Dispose()
    {
        LeaveIfOwned();
        base.Dispose();
    }

    public override ValueTask DisposeAsync()
    {
        LeaveIfOwned();
        return base.DisposeAsync();
    }

    // Through the context the statement has its logs, interceptors and timeout.
    private (string Text, DbParameter[] Parameters)? CreateInsert()
    {
        using var command = _scope.CreateInsert(Connection.DbConnection, _transaction);
        if (command is null)
        {
            return null;
        }

        var parameters = command.Parameters.Cast<DbParameter>().ToArray();
        command.Parameters.Clear();
        return (command.CommandText, parameters);
    }

    private void Committed()
    {
        _hasEnded = true;
        _scope.EndSaved();
        _scope.Wake();
    }

    private void LeaveIfOwned()
    {
        // The wiki ends a transaction that it gave to UseTransaction.
        if (_isOwned)
        {
            Leave();
        }
    }

    private void Leave()
    {
        if (!_hasEnded)
        {
            _hasEnded = true;
            _scope.Leave(_transaction);
        }
    }
}
