namespace WikiBus.Producer;

/// <summary>
/// Operates the outbox: the script of its tables, what waits, and the events that services refused. All members are
/// safe for concurrent use.
/// </summary>
public interface IOutboxAdministration
{
    /// <summary>
    /// The SQL that makes the tables, for wikis that make them themselves. Execute it in a transaction. It changes
    /// nothing if the tables are there.
    /// </summary>
    string Script { get; }

    /// <summary>Makes the tables if they are missing, and checks their version.</summary>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="OutboxTablesException">They have another version.</exception>
    Task CreateTablesAsync(CancellationToken cancellationToken = default);

    /// <summary>What waits for each service that something waits for.</summary>
    /// <param name="cancellationToken">Ends the wait.</param>
    Task<IReadOnlyList<OutboxLevel>> GetLevelsAsync(CancellationToken cancellationToken = default);

    /// <summary>The parked events, in the order in which they were parked.</summary>
    /// <param name="after">Only those with a larger id: the last one of the page before.</param>
    /// <param name="count">The most that are returned, from 1 to 1,000.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    Task<IReadOnlyList<ParkedEvent>> ListParkedAsync(
        long after = 0, int count = 100, CancellationToken cancellationToken = default);

    /// <summary>Puts a parked event at the end of its queue, so that it is sent again.</summary>
    /// <param name="id">The parked event.</param>
    /// <param name="corrected">
    /// Another text for it, UTF-8; null sends the same bytes. An event of MediaWiki is an object with its stream and
    /// id in <c>meta</c>; of Deki, the text is the document, and the rest stays.
    /// </param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>False if there is no such parked event.</returns>
    /// <exception cref="ArgumentException">The text is not an event with the same stream and id.</exception>
    Task<bool> RetryParkedAsync(
        long id, ReadOnlyMemory<byte>? corrected = null, CancellationToken cancellationToken = default);

    /// <summary>Deletes a parked event, which is never sent then.</summary>
    /// <param name="id">The parked event.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>False if there is no such parked event.</returns>
    Task<bool> DropParkedAsync(long id, CancellationToken cancellationToken = default);
}
