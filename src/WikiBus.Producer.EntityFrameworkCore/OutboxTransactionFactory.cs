using System.Data.Common;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Diagnostics;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Storage;

namespace WikiBus.Producer.EntityFrameworkCore;

/// <summary>
/// Makes the transactions of contexts with an outbox. An interceptor would not do: it is not told the names of
/// savepoints, nor that a transaction was disposed.
/// </summary>
internal sealed class OutboxTransactionFactory(RelationalTransactionFactoryDependencies dependencies)
    : RelationalTransactionFactory(dependencies)
{
    public override RelationalTransaction Create(
        IRelationalConnection connection,
        DbTransaction transaction,
        Guid transactionId,
        IDiagnosticsLogger<DbLoggerCategory.Database.Transaction> logger,
        bool transactionOwned)
    {
        var options = connection.Context.GetService<IDbContextOptions>().FindExtension<CoreOptionsExtension>();
        var scope = options!.Interceptors!.OfType<OutboxSaveChangesInterceptor>().Last().Scope;
        return scope.TryEnter(transaction, transactionOwned)
            ? new OutboxRelationalTransaction(
                connection,
                transaction,
                transactionId,
                logger,
                transactionOwned,
                Dependencies.SqlGenerationHelper,
                scope)
            : base.Create(connection, transaction, transactionId, logger, transactionOwned);
    }
}
