using System.Globalization;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using WikiBus.Events.MediaWiki;
using WikiBus.Producer.Settings;

namespace WikiBus.Producer.Sending;

/// <summary>
/// Sends the events of MediaWiki: finds the service of each, makes as few requests as the limit of bytes allows, and
/// posts or queues them.
/// </summary>
internal sealed class EventSender(
    IOptions<ProducerOptions> options,
    PostClient client,
    PostQueue queue,
    IHttpContextAccessor requests,
    SendingDiagnostics diagnostics,
    ILogger<EventSender> logger)
{
    /// <summary>Whose events these are, for the metrics.</summary>
    public const string Dialect = "mediawiki";

    private const string ContentType = "application/json";

    private static readonly string s_userAgent =
        "WikiBus.Producer/" + typeof(EventSender).Assembly.GetName().Version!.ToString(3);

    private readonly StreamRoutes _routes = new(options.Value);

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

    private IEnumerable<OutgoingPost> Prepare(IReadOnlyList<MediaWikiEvent> events, List<string> errors)
    {
        if (events.Count == 0)
        {
            errors.Add("Provided event list is empty");
        }

        var byService = new OrderedDictionary<string, List<MediaWikiEvent>>(StringComparer.Ordinal);
        foreach (var item in events)
        {
            if (ServiceOf(item) is { } service)
            {
                byService.TryAdd(service, []);
                byService[service].Add(item);
            }
            else
            {
                var error = string.Create(
                    CultureInfo.InvariantCulture, $"Events of type '{(int)item.Kind}' are not enqueueable");
                if (!errors.Contains(error))
                {
                    errors.Add(error);
                }
            }
        }

        return byService.SelectMany(group => PostsOf(group.Key, group.Value));
    }

    private string? ServiceOf(MediaWikiEvent item)
    {
        var service = _routes.ServiceOf(item.Stream);
        var reason = !options.Value.EnabledKinds.HasFlag(item.Kind) ? "kind_not_enabled"
            : service is null ? "stream_not_enabled"
            : null;
        if (reason is null)
        {
            return service;
        }

        diagnostics.Dropped(item, reason);
        logger.NotEnabled(item.Stream, reason);
        return null;
    }

    private IEnumerable<OutgoingPost> PostsOf(string name, List<MediaWikiEvent> events)
    {
        var service = options.Value.Services[name];
        var headers = HeadersOf(service);
        foreach (var batch in EventBatches.Divide(events.ToArray(), options.Value.BatchBytesMax))
        {
            var body = EventBatches.Write(batch);
            if (body.Length > options.Value.BatchBytesMax)
            {
                logger.LargeEvent(batch[0].Stream, body.Length);
            }

            yield return new OutgoingPost(
                name, new Uri(service.Url), body, ContentType, batch.Count, Dialect, service.Timeout)
            {
                Headers = headers,
            };
        }
    }

    private List<KeyValuePair<string, string>> HeadersOf(EventServiceOptions service)
    {
        var headers = new List<KeyValuePair<string, string>> { new("user-agent", s_userAgent) };
        if (service.ForwardsClientIp && ClientIp() is { Length: > 0 } address)
        {
            headers.Add(new("x-client-ip", address));
        }

        if (service.ApiKey is { } key)
        {
            headers.Add(new("authorization", $"Bearer {key}"));
        }

        headers.AddRange(service.Headers);
        return headers;
    }

    private string? ClientIp() =>
        options.Value.Generation == EventGeneration.Rel139
            ? requests.HttpContext?.Request.Headers["X-Client-IP"].ToString()
            : requests.HttpContext?.Connection.RemoteIpAddress is { } address
                ? (address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address).ToString()
                : null;
}
