namespace WikiBus.Producer;

/// <summary>Announces to caches that URLs changed (<c>CdnPurgeEventRelayer</c>).</summary>
public interface ICdnPurger
{
    /// <summary>
    /// Sends one event <c>resource_change</c> with the tag <c>mediawiki</c> for each URL to
    /// <see cref="ProducerOptions.PurgeStream"/>, and waits for the answer. Without that setting nothing is sent.
    /// </summary>
    /// <param name="urls">The URLs, as caches know them. A URL that is there twice has one event.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    Task<SendResult> PurgeAsync(IEnumerable<string> urls, CancellationToken cancellationToken = default);
}
