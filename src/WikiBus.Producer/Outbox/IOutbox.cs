using System.Data;
using System.Data.Common;

namespace WikiBus.Producer;

/// <summary>
/// Stores events in the transaction that changes the wiki, so that they are sent if, and only if, the change is
/// committed. The events come from <see cref="IWikiEventPublisher"/>, <see cref="IDekiEventPublisher"/>,
/// <see cref="ICdnPurger"/> and <see cref="IJobQueue"/> of the same scope. It is not safe for concurrent use.
/// </summary>
public interface IOutbox
{
    /// <summary>
    /// Begins a transaction. Its commit stores the events that were published in it.
    /// </summary>
    /// <param name="connection">An open connection to the database of the wiki.</param>
    /// <param name="isolationLevel">As in <see cref="DbConnection.BeginTransactionAsync(CancellationToken)"/>.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="InvalidOperationException">The scope has a transaction already.</exception>
    Task<OutboxTransaction> BeginTransactionAsync(
        DbConnection connection,
        IsolationLevel isolationLevel = IsolationLevel.Unspecified,
        CancellationToken cancellationToken = default);

    /// <summary>
    /// Says that the wiki began a transaction itself, so that events can be published in it. Before its commit the
    /// wiki calls <see cref="SaveAsync"/>; after a rollback, <see cref="Discard"/>.
    /// </summary>
    /// <param name="transaction">The transaction.</param>
    /// <exception cref="InvalidOperationException">The scope has another transaction already.</exception>
    void Enlist(DbTransaction transaction);

    /// <summary>
    /// Stores the collected events: one row for each service, written by one statement. It belongs at the end of the
    /// transaction, because events of one page keep the order of their changes only if the page's row was changed
    /// first. It does nothing if no events were collected.
    /// </summary>
    /// <param name="connection">The connection of the transaction.</param>
    /// <param name="transaction">The transaction; further events belong to another one.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    Task SaveAsync(DbConnection connection, DbTransaction transaction, CancellationToken cancellationToken = default);

    /// <summary>
    /// Forgets the collected events, because the change was rolled back. After it, another transaction can be enlisted.
    /// </summary>
    void Discard();
}
