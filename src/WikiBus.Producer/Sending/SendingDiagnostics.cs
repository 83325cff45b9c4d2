using System.Diagnostics;
using System.Diagnostics.Metrics;
using WikiBus.Events.MediaWiki;

namespace WikiBus.Producer.Sending;

/// <summary>The metrics and traces of the producer. Both have the name <c>WikiBus.Producer</c>.</summary>
internal sealed class SendingDiagnostics
{
    /// <summary>The name of the meter and of the activity source.</summary>
    public const string Name = "WikiBus.Producer";

    public static readonly ActivitySource Activities = new(Name);

    private readonly Counter<long> _outgoing;
    private readonly Counter<long> _accepted;
    private readonly Counter<long> _failed;
    private readonly Counter<long> _dropped;
    private readonly UpDownCounter<long> _queueBytes;
    private readonly Histogram<double> _duration;

    public SendingDiagnostics(IMeterFactory meters)
    {
        var meter = meters.Create(Name);
        _outgoing = meter.CreateCounter<long>("wikibus.producer.outgoing", "{event}", "Events that were posted.");
        _accepted = meter.CreateCounter<long>("wikibus.producer.accepted", "{event}", "Events that were accepted.");
        _failed = meter.CreateCounter<long>("wikibus.producer.failed", "{event}", "Events that were not accepted.");
        _dropped = meter.CreateCounter<long>("wikibus.producer.dropped", "{event}", "Events that were never posted.");
        _queueBytes = meter.CreateUpDownCounter<long>("wikibus.producer.queue.size", "By", "Bytes that wait.");
        _duration = meter.CreateHistogram<double>("wikibus.producer.post.duration", "s", "How long a request took.");
    }

    public void Posted(OutgoingPost post, PostResult result)
    {
        var tags = TagsOf(post);
        _outgoing.Add(post.EventCount, tags);
        _accepted.Add(result.AcceptedCount, tags);
        _failed.Add(result.FailedCount, tags);
    }

    public void Answered(OutgoingPost post, int? status, TimeSpan duration)
    {
        var tags = TagsOf(post);
        tags.Add("http.response.status_code", status ?? 0);
        _duration.Record(duration.TotalSeconds, tags);
    }

    public void Queued(OutgoingPost post) => _queueBytes.Add(post.Body.Length, TagsOf(post));

    public void Unqueued(OutgoingPost post) => _queueBytes.Add(-post.Body.Length, TagsOf(post));

    public void Dropped(OutgoingPost post, string reason)
    {
        var tags = TagsOf(post);
        tags.Add("reason", reason);
        _dropped.Add(post.EventCount, tags);
    }

    public void Dropped(MediaWikiEvent item, string reason) =>
        _dropped.Add(1, new TagList { { "dialect", EventSender.Dialect }, { "reason", reason } });

    private static TagList TagsOf(OutgoingPost post) =>
        new() { { "service", post.Service }, { "dialect", post.Dialect } };
}
