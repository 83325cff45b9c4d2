using System.Text;
using System.Text.Json;
using Microsoft.Extensions.Options;
using WikiBus.Events.MediaWiki;
using WikiBus.Producer.Sending;

namespace WikiBus.Producer.Jobs;

/// <inheritdoc cref="IJobQueue"/>
internal sealed class EventJobQueue(
    IWikiEventPublisher publisher, IEventSink sender, IOptions<ProducerOptions> options) : IJobQueue
{
    private static readonly JsonDocumentOptions s_asDeepAsPhp = new() { MaxDepth = 512 };

    public async Task PushAsync(IReadOnlyList<WikiJob> jobs, CancellationToken cancellationToken = default)
    {
        foreach (var (stream, events) in EventsByStream(jobs))
        {
            var result = await sender.SendAsync([.. events.Values], cancellationToken).ConfigureAwait(false);
            if (!result.IsSuccess)
            {
                throw new JobQueueException(stream, result);
            }
        }
    }

    // All events are built before the first is sent. The indexer keeps the place of an equal job.
    private OrderedDictionary<string, OrderedDictionary<string, MediaWikiEvent>> EventsByStream(
        IReadOnlyList<WikiJob> jobs)
    {
        if (options.Value.SecretKeys.Count == 0)
        {
            throw new InvalidOperationException("SecretKeys must have a key with which jobs are signed.");
        }

        var secretKey = Encoding.UTF8.GetBytes(options.Value.SecretKeys[0]);
        var streams = new OrderedDictionary<string, OrderedDictionary<string, MediaWikiEvent>>(StringComparer.Ordinal);
        foreach (var job in jobs)
        {
            var jobEvent = publisher.Events.Job(publisher.NewContext(), job, secretKey);
            streams.TryAdd(jobEvent.Stream, new(StringComparer.Ordinal));
            streams[jobEvent.Stream][HashOf(jobEvent) ?? jobEvent.Id.ToString()] = jobEvent;
        }

        return streams;
    }

    private static string? HashOf(MediaWikiEvent jobEvent)
    {
        using var json = JsonDocument.Parse(jobEvent.Json, s_asDeepAsPhp);
        return json.RootElement.TryGetProperty("sha1", out var hash) ? hash.GetString() : null;
    }
}
