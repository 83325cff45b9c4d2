using Microsoft.Extensions.Options;
using WikiBus.Producer.Sending;

namespace WikiBus.Producer.Publishing;

/// <inheritdoc cref="ICdnPurger"/>
internal sealed class CdnPurger(
    IWikiEventPublisher publisher, IEventSink sender, IOptions<ProducerOptions> options) : ICdnPurger
{
    public async Task<SendResult> PurgeAsync(IEnumerable<string> urls, CancellationToken cancellationToken = default)
    {
        var distinct = urls.Distinct(StringComparer.Ordinal).ToList();
        if (options.Value.PurgeStream is not { } stream || distinct.Count == 0)
        {
            return new SendResult([], distinct.Count, []);
        }

        var events = distinct.ConvertAll(url => publisher.Events.UrlPurge(publisher.NewContext(), url, stream));
        return await sender.SendAsync(events, cancellationToken).ConfigureAwait(false);
    }
}
