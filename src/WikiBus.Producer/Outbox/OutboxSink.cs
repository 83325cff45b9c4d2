using WikiBus.Events.MediaWiki;
using WikiBus.Producer.Outbox.Databases;
using WikiBus.Producer.Sending;

namespace WikiBus.Producer.Outbox;

/// <summary>
/// Collects the events of MediaWiki for the transaction of the scope. The result of a send has no requests: what the
/// service answers is the relay's matter.
/// </summary>
internal sealed class OutboxSink(OutboxScope scope, EventRoutes routes) : IEventSink
{
    /// <summary>Collects events.</summary>
    /// <returns>What is not enabled, in the words of EventBus.</returns>
    /// <exception cref="ArgumentException">An event is not one that a service can read; none is collected.</exception>
    /// <exception cref="InvalidOperationException">There is no transaction, or too much is collected.</exception>
    public SendResult Collect(IReadOnlyList<MediaWikiEvent> events)
    {
        var errors = new List<string>();
        var byService = routes.GroupByService(events, errors);
        foreach (var item in byService.Values.SelectMany(group => group))
        {
            MediaWikiEventCheck.Check(item);
        }

        scope.Add(byService.SelectMany(group => group.Value.Select(
            item => new OutboxEvent(new OutboxQueue(EventSender.Dialect, group.Key), item.Json))));
        return new SendResult([], events.Count - byService.Values.Sum(group => group.Count), errors);
    }

    public async Task<SendResult> SendAsync(IReadOnlyList<MediaWikiEvent> events, CancellationToken cancellation)
    {
        var result = Collect(events);
        if (!scope.IsInTransaction)
        {
            await scope.FlushAsync(cancellation).ConfigureAwait(false);
        }

        return result;
    }
}
