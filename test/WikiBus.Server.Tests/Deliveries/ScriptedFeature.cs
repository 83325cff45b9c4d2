using System.Collections.Concurrent;
using System.Globalization;
using System.Text;
using WikiBus.Server.Deliveries.Lanes;
using WikiBus.Server.Deliveries.Records;
using WikiBus.Server.Deliveries.Sending;
using WikiBus.Server.Deliveries.Tables;
using WikiBus.Server.Filters;

namespace WikiBus.Server.Tests.Deliveries;

/// <summary>
/// A feature whose recipients answer what a test says. A definition is a text such as
/// <c>streams=a,b;order=strict;concurrency=4;expire=60;filter=x=1</c>.
/// </summary>
internal sealed class ScriptedFeature(TimeProvider time) : IDeliveryFeature
{
    public const string FeatureName = "scripted";

    private readonly ConcurrentDictionary<DeliveryRequest, Task<DeliveryResult>> _answers =
        new(ReferenceEqualityComparer.Instance);

    public string Name => FeatureName;

    /// <summary>Answers a try; the default takes everything.</summary>
    public Func<DeliveryRequest, Task<DeliveryResult>> Answer { get; set; } =
        static _ => Task.FromResult(new DeliveryResult(Verdict.Done, 200));

    /// <summary>All tries that were answered, in the order of the answers.</summary>
    public ConcurrentQueue<ScriptedTry> Tries { get; } = [];

    /// <summary>Tries whose answer the test holds back.</summary>
    public int HangingCount => _answers.Values.Count(static answer => !answer.IsCompleted);

    /// <summary>Payloads that were taken by a subscription, in their order.</summary>
    public IReadOnlyList<string> Taken(long subscription) =>
    [
        .. Tries.Where(one => one.Subscription == subscription && one.Verdict == Verdict.Done)
            .Select(static one => one.Payload),
    ];

    public SubscriptionPlan Plan(string definition)
    {
        var parts = definition.Split(';', StringSplitOptions.RemoveEmptyEntries)
            .Select(static part => part.Split('=', 2)).ToDictionary(static part => part[0], static part => part[1]);
        var filters = new List<FilterExpression>();
        if (parts.TryGetValue("filter", out var text))
        {
            FilterExpression.TryParse(text, out var filter, out _).ShouldBeTrue();
            filters.Add(filter!);
        }

        ChannelPattern? channel = null;
        if (parts.TryGetValue("channel", out var pattern))
        {
            ChannelPattern.TryParse(pattern, out channel, out _).ShouldBeTrue();
        }

        return new SubscriptionPlan(
            [new StreamRules(parts.GetValueOrDefault("streams")?.Split(',') ?? [], [], channel, filters)],
            Enum.Parse<RecordOrder>(parts.GetValueOrDefault("order") ?? "key", ignoreCase: true),
            int.Parse(parts.GetValueOrDefault("concurrency") ?? "10", CultureInfo.InvariantCulture),
            parts.TryGetValue("expire", out var seconds)
                ? TimeSpan.FromSeconds(int.Parse(seconds, CultureInfo.InvariantCulture))
                : null)
        {
            Failures = parts.TryGetValue("failures", out var failures)
                ? new FailureLimit(int.Parse(failures, CultureInfo.InvariantCulture), TimeMax: null)
                : parts.TryGetValue("failtime", out var failtime)
                ? new FailureLimit(
                    int.MaxValue, TimeSpan.FromSeconds(int.Parse(failtime, CultureInfo.InvariantCulture)))
                : FailureLimit.Default,
        };
    }

    public async Task<DeliveryResult> SendAsync(DeliveryRequest request, CancellationToken cancellationToken)
    {
        var begun = time.GetUtcNow();
        var answer = Answer(request);
        _answers[request] = answer;
        DeliveryResult result;
        try
        {
            result = await answer.WaitAsync(cancellationToken);
        }
        finally
        {
            _answers.TryRemove(request, out _);
        }

        Tries.Enqueue(new ScriptedTry(
            request.Number, request.Record.Position, request.Record.Stream,
            Encoding.UTF8.GetString(request.Record.Payload), request.Try, result.Verdict, begun));
        return result;
    }
}

/// <summary>A try that was answered.</summary>
internal sealed record ScriptedTry(
    long Subscription, long Position, string Stream, string Payload, int Try, Verdict Verdict, DateTimeOffset At);
