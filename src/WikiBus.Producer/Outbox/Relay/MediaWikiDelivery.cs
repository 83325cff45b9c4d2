using System.Text.Json;
using WikiBus.Producer.Outbox.Databases;
using WikiBus.Producer.Sending;

namespace WikiBus.Producer.Outbox.Relay;

/// <summary>Sends events of MediaWiki to WikiBus or EventGate, many in a request.</summary>
internal sealed class MediaWikiDelivery(
    string service, Uri url, EventPosts posts, PostClient client, bool acceptHasty) : IOutboxDelivery
{
    public OutboxQueue Queue { get; } = new(EventSender.Dialect, service);

    public string Address { get; } = url.GetLeftPart(UriPartial.Path);

    public int EventsMax => 1000;

    public async Task<DeliveryAnswer> SendAsync(
        IReadOnlyList<PendingEvent> events, CancellationToken cancellation)
    {
        var post = posts.Of(service, [.. events.Select(item => item.Bytes)]);
        var answer = await client.ExchangeAsync(post, status => status >= 207, cancellation).ConfigureAwait(false);
        return answer.Status switch
        {
            201 => Answer(DeliveryOutcome.Judged),
            202 when acceptHasty => Answer(DeliveryOutcome.Judged),
            207 or 400 or 500 when Refusals(events, answer) is { } refusals => Answer(DeliveryOutcome.Judged, refusals),
            401 or 403 or 404 or 405 => Answer(DeliveryOutcome.Alarm),
            413 => Answer(DeliveryOutcome.TooLarge),
            _ => Answer(DeliveryOutcome.Again),
        };

        DeliveryAnswer Answer(DeliveryOutcome outcome, IReadOnlyList<Refusal>? refusals = null) =>
            new(outcome, answer.Status, answer.Text, answer.RetryAfter, refusals ?? []);
    }

    public string StreamOf(PendingEvent item) => MediaWikiEventCheck.ReadMeta(item.Bytes).Stream ?? "";

    // {"invalid": […], "error": […]}: null if it is anything else, or names an event that was not sent. With another
    // status than 207 nothing was accepted, so all events must be named.
    private List<Refusal>? Refusals(IReadOnlyList<PendingEvent> events, PostAnswer answer)
    {
        try
        {
            using var json = JsonDocument.Parse(answer.Body ?? default, new JsonDocumentOptions
            {
                MaxDepth = MediaWikiEventCheck.DepthMax * 2,
            });
            var sent = events.ToLookup(item => MediaWikiEventCheck.ReadMeta(item.Bytes));
            var refusals = new List<Refusal>();
            foreach (var (name, canRetry) in (ReadOnlySpan<(string, bool)>)[("invalid", false), ("error", true)])
            {
                if (!json.RootElement.TryGetProperty(name, out var list))
                {
                    continue;
                }

                foreach (var item in list.EnumerateArray())
                {
                    var meta = MediaWikiEventCheck.ReadMeta(item.GetProperty("event"));
                    if (!sent.Contains(meta))
                    {
                        return null;
                    }

                    refusals.AddRange(sent[meta].Select(found =>
                        new Refusal(found, meta.Stream ?? "", MessageOf(item), canRetry)));
                }
            }

            refusals = [.. refusals.DistinctBy(refusal => refusal.Event)];
            return refusals.Count == 0 || (answer.Status != 207 && refusals.Count < events.Count) ? null : refusals;
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException
            or KeyNotFoundException)
        {
            return null;
        }
    }

    // An error has a message; what is invalid has the texts of the validator.
    private static string MessageOf(JsonElement item)
    {
        if (item.TryGetProperty("context", out var context) && context.ValueKind == JsonValueKind.Object)
        {
            foreach (var name in (ReadOnlySpan<string>)["errorsText", "message"])
            {
                if (MediaWikiEventCheck.StringOf(context, name) is { } text)
                {
                    return text;
                }
            }
        }

        return "The service gave no reason.";
    }
}
