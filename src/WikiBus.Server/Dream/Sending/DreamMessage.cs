using WikiBus.Server.Deliveries.Sending;
using WikiBus.Server.Dream.Events;

namespace WikiBus.Server.Dream.Sending;

/// <summary>Makes the request that brings an event to a destination, as Dream's dispatcher does.</summary>
internal static class DreamMessage
{
    /// <param name="uri">The destination.</param>
    /// <param name="event">The event.</param>
    /// <param name="recipients">Who it is for at this destination.</param>
    /// <param name="cookie">The header <c>Cookie</c>; null: none.</param>
    /// <param name="ownUri">The URI of this service; it ends the list of services that the event has passed.</param>
    public static HttpRequestMessage Of(
        Uri uri, DreamEvent @event, IReadOnlyList<string> recipients, string? cookie, string ownUri)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, uri) { Content = new ReadOnlyMemoryContent(@event.Body) };
        if (@event.ContentType.Length > 0)
        {
            request.Content.Headers.TryAddWithoutValidation("Content-Type", @event.ContentType);
        }

        Add(request, "X-Dream-Event-Id", IdOf(@event));
        Add(request, "X-Dream-Event-Channel", HeaderText.EncodeUri(@event.Channel));
        if (@event.Resource is { } resource)
        {
            Add(request, "X-Dream-Event-Resource-Uri", HeaderText.EncodeUri(resource));
        }

        // Dream wants an origin, and events of other dialects have none.
        Add(request, "X-Dream-Event-Origin-Uri", Join(
            @event.Origins.Count > 0 ? @event.Origins : [@event.Resource ?? ownUri]));
        if (recipients.Count > 0)
        {
            Add(request, "X-Dream-Event-Recipient-Uri", Join(recipients));
        }

        Add(request, "X-Dream-Event-Via-Uri", Join([.. @event.Vias, ownUri]));
        if (cookie is not null)
        {
            Add(request, "Cookie", cookie);
        }

        return request;
    }

    // The id stays the same along a chain. What no header can have is encoded once.
    private static string IdOf(DreamEvent @event) =>
        @event.Id.All(static c => c is >= ' ' and <= '~') ? @event.Id : HeaderText.EncodeUri(@event.Id);

    // Dream's own client joins the values by a comma.
    private static string Join(IEnumerable<string> uris) => string.Join(',', uris.Select(HeaderText.EncodeUri));

    private static void Add(HttpRequestMessage request, string name, string value) =>
        request.Headers.TryAddWithoutValidation(name, value);
}
