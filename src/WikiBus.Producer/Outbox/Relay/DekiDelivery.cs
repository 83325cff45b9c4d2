using System.Text;
using WikiBus.Producer.Deki;
using WikiBus.Producer.Outbox.Databases;
using WikiBus.Producer.Sending;

namespace WikiBus.Producer.Outbox.Relay;

/// <summary>Sends events of Deki to a pub/sub service of Dream, one in a request.</summary>
internal sealed class DekiDelivery(DekiPosts posts, PostClient client) : IOutboxDelivery
{
    public OutboxQueue Queue { get; } = new(DekiPosts.Dialect, DekiPosts.Service);

    public string Address => posts.PublishUri.GetLeftPart(UriPartial.Path);

    public int EventsMax => 1;

    public async Task<DeliveryAnswer> SendAsync(
        IReadOnlyList<PendingEvent> events, CancellationToken cancellation)
    {
        var (id, document) = OutboxBody.ReadDeki(events[0].Bytes);
        var answer = await client.ExchangeAsync(
            posts.Of(document, id), status => status is 400 or 415, cancellation).ConfigureAwait(false);
        return answer.Status switch
        {
            200 => Answer(DeliveryOutcome.Judged),
            400 or 415 => Answer(
                DeliveryOutcome.Judged, new Refusal(events[0], document.Channel, MessageOf(answer), CanRetry: false)),
            401 or 403 or 404 or 405 => Answer(DeliveryOutcome.Alarm),
            413 => Answer(DeliveryOutcome.TooLarge),
            _ => Answer(DeliveryOutcome.Again),
        };

        DeliveryAnswer Answer(DeliveryOutcome outcome, params IReadOnlyList<Refusal> refusals) =>
            new(outcome, answer.Status, answer.Text, answer.RetryAfter, refusals);
    }

    public string StreamOf(PendingEvent item) => OutboxBody.ReadDeki(item.Bytes).Event.Channel;

    // Dream answers with a document, which has the reason. It is kept as text.
    private static string MessageOf(PostAnswer answer)
    {
        var body = Encoding.UTF8.GetString((answer.Body ?? default).Span);
        return $"{answer.Text} {body}";
    }
}
