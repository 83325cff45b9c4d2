using System.Net;
using System.Text;
using System.Text.Json;
using WikiBus.Producer.Sending;

namespace WikiBus.Producer.Testing;

/// <summary>Keeps the events of a request, and answers in place of the service that it accepted them.</summary>
internal sealed class RecordingHandler(PublishedEvents published) : DelegatingHandler
{
    private static readonly JsonDocumentOptions s_asDeepAsPhp = new() { MaxDepth = 512 };

    protected override Task<HttpResponseMessage> SendAsync(
        HttpRequestMessage request, CancellationToken cancellationToken)
    {
        request.Options.TryGetValue(PostClient.PostKey, out var post);
        published.Add(EventsOf(post!));
        return Task.FromResult(new HttpResponseMessage(
            post!.Dialect == EventSender.Dialect ? HttpStatusCode.Created : HttpStatusCode.OK));
    }

    private static List<PublishedEvent> EventsOf(OutgoingPost post)
    {
        if (post.Dialect != EventSender.Dialect)
        {
            return [new PublishedEvent(post.Service, null, Encoding.UTF8.GetString(post.Body.Span))];
        }

        using var list = JsonDocument.Parse(post.Body, s_asDeepAsPhp);
        return list.RootElement.EnumerateArray()
            .Select(item => new PublishedEvent(
                post.Service, item.GetProperty("meta").GetProperty("stream").GetString(), item.GetRawText()))
            .ToList();
    }
}
