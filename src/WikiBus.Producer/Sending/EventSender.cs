using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using WikiBus.Events.MediaWiki;

namespace WikiBus.Producer.Sending;

/// <summary>
/// Sends the events of MediaWiki: makes as few requests as the limit of bytes allows, and posts or queues them.
/// </summary>
internal sealed class EventSender(
    IOptions<ProducerOptions> options,
    EventRoutes routes,
    EventPosts posts,
    PostClient client,
    PostQueue queue,
    ILogger<EventSender> logger) : IEventSink
{
    /// <summary>Whose events these are, for the metrics.</summary>
    public const string Dialect = "mediawiki";

    /// <summary>Posts the events, all requests at the same time, and waits for the answers.</summary>
    public async Task<SendResult> SendAsync(IReadOnlyList<MediaWikiEvent> events, CancellationToken cancellation)
    {
        var errors = new List<string>();
        var posts = Prepare(events, errors).ToList();
        var notSent = events.Count - posts.Sum(post => post.EventCount);
        var results = await Task.WhenAll(posts.Select(post => client.PostAsync(post, cancellation)))
            .ConfigureAwait(false);
        errors.AddRange(results
            .Where(result => result.Error is not null)
            .Select(result => $"Unable to deliver all events: {result.Error}"));
        return new SendResult(results, notSent, errors);
    }

    /// <summary>Queues the events, without waiting for anything. What does not fit is dropped and counted.</summary>
    public void Enqueue(IReadOnlyList<MediaWikiEvent> events)
    {
        foreach (var post in Prepare(events, []))
        {
            queue.TryAdd(post);
        }
    }

    private IEnumerable<OutgoingPost> Prepare(IReadOnlyList<MediaWikiEvent> events, List<string> errors) =>
        routes.GroupByService(events, errors).SelectMany(group => PostsOf(group.Key, group.Value));

    private IEnumerable<OutgoingPost> PostsOf(string name, List<MediaWikiEvent> events)
    {
        foreach (var batch in EventBatches.Divide(events.ToArray(), options.Value.BatchBytesMax))
        {
            var post = posts.Of(name, [.. batch.Select(item => item.Json)]);
            if (post.Body.Length > options.Value.BatchBytesMax)
            {
                logger.LargeEvent(batch[0].Stream, post.Body.Length);
            }

            yield return post;
        }
    }
}
