using WikiBus.Server.Deliveries.Lanes;
using WikiBus.Server.Deliveries.Settings;
using WikiBus.Server.Deliveries.Tables;
using WikiBus.Storage;

namespace WikiBus.Server.Deliveries.Sending;

/// <summary>
/// Sends what the lanes have, in fair turns, with at most <see cref="DeliveriesOptions.ConcurrencyMax"/> requests at a
/// time. Half of them are only for proven destinations: those whose last request succeeded, and that answer soon. A
/// request that has become slow gives its slot back, so recipients that begin to hang cannot keep all slots.
/// </summary>
internal sealed class Dispatcher(
    EventLog log,
    LaneParts parts,
    IReadOnlyDictionary<string, IDeliveryFeature> features,
    DeliveriesDiagnostics diagnostics,
    TimeProvider time)
{
    /// <summary>With so many outcomes that are not committed, no request begins.</summary>
    public const int UncommittedMax = 10_000;

    /// <summary>Nor while the oldest of them is older.</summary>
    public static readonly TimeSpan UncommittedAgeMax = TimeSpan.FromSeconds(1);

    /// <summary>A request that takes longer is slow.</summary>
    public static readonly TimeSpan SlowAfter = TimeSpan.FromSeconds(2);

    /// <summary>With slow requests, at most so many times the slots are in use.</summary>
    public const int SlowFactor = 4;

    private readonly HashSet<RunningRequest> _running = [];
    private int _slowCount;
    private int _unprovenCount;
    private bool _isStopping;
    private TaskCompletionSource? _idle;

    /// <summary>Requests that run, also those of subscriptions that were deleted meanwhile.</summary>
    public int RunningCount => _running.Count;

    /// <param name="requests">Breaks off the requests that run.</param>
    /// <param name="cancellationToken">No request begins any more.</param>
    public async Task RunAsync(CancellationToken requests, CancellationToken cancellationToken)
    {
        _isStopping = false;
        try
        {
            while (!cancellationToken.IsCancellationRequested)
            {
                await parts.Queues.CanSend.WaitAsync(cancellationToken);
                lock (parts.Lock)
                {
                    Begin(requests);
                }
            }
        }
        finally
        {
            lock (parts.Lock)
            {
                _isStopping = true;
            }
        }
    }

    /// <summary>Completes when no request runs. Call it when <see cref="RunAsync"/> has ended.</summary>
    public Task WhenIdleAsync()
    {
        lock (parts.Lock)
        {
            _idle = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            if (_running.Count == 0)
            {
                _idle.SetResult();
            }

            return _idle.Task;
        }
    }

    /// <summary>Finds requests that have become slow. Under the engine's lock, now and then.</summary>
    public void MarkSlow()
    {
        foreach (var request in _running)
        {
            if (!request.IsSlow && time.GetElapsedTime(request.Started) >= SlowAfter)
            {
                request.IsSlow = true;
                request.Destination.SlowCount++;
                _slowCount++;
            }
        }
    }

    private void Begin(CancellationToken cancellationToken)
    {
        while (TryTake() is { } request)
        {
            _ = WorkAsync(request, cancellationToken);
        }
    }

    /// <summary>Takes the next delivery that may be sent now, with a slot for it.</summary>
    private RunningRequest? TryTake()
    {
        var slots = parts.Options.ConcurrencyMax;
        while (_running.Count - _slowCount < slots && _running.Count < slots * SlowFactor && MayBegin())
        {
            if (parts.Queues.Dequeue(mayBeUnproven: _unprovenCount < slots / 2) is not { } lane)
            {
                return null;
            }

            if (lane.Sending.TakeNext(parts.Now) is not { } delivery)
            {
                parts.Queues.TouchReading(lane);
                continue;
            }

            parts.Queues.Enqueue(lane);
            var request = new RunningRequest(lane, delivery, RequestOf(lane, delivery), time.GetTimestamp());
            _running.Add(request);
            _unprovenCount += request.IsUnproven ? 1 : 0;
            return request;
        }

        return null;
    }

    private void End(RunningRequest request)
    {
        _running.Remove(request);
        _unprovenCount -= request.IsUnproven ? 1 : 0;
        if (request.IsSlow)
        {
            _slowCount--;
            request.Destination.SlowCount--;
        }

        if (_running.Count == 0)
        {
            _idle?.TrySetResult();
        }
    }

    /// <summary>
    /// After a crash only requests are repeated whose outcome was not committed. So there are few of these.
    /// </summary>
    private bool MayBegin() =>
        !_isStopping
        && parts.Pending.OutcomeCount < UncommittedMax
        && !(parts.Now - parts.Pending.OldestAt > UncommittedAgeMax)
        && log.Health.IsWritable;

    /// <summary>Sends a delivery, and goes on with the next one: that is cheaper than to wake another worker.</summary>
    private async Task WorkAsync(RunningRequest first, CancellationToken cancellationToken)
    {
        // The caller holds the lock.
        await Task.Yield();
        for (RunningRequest? request = first; request is not null;)
        {
            var feature = request.Lane.Subscription.Feature;
            var result = await TrySendAsync(feature, request.Request, cancellationToken);
            if (result is { WasSent: true })
            {
                diagnostics.CountTry(feature, VerdictNames.Of(result.Verdict));
            }

            lock (parts.Lock)
            {
                Judge(request, result);
                request = TryTake();
                Begin(cancellationToken);
            }
        }
    }

    private DeliveryRequest RequestOf(Lane lane, Delivery delivery)
    {
        var subscription = lane.Subscription;
        return new DeliveryRequest(
            log.LogId, subscription.Number, subscription.Owner, subscription.Definition, delivery.Record!,
            delivery.Tries);
    }

    private void Judge(RunningRequest request, DeliveryResult? result)
    {
        var lane = request.Lane;
        if (result is null)
        {
            lane.Outcomes.Abandon(request.Delivery);
        }
        else
        {
            lane.Outcomes.End(request.Delivery, result, parts.Now, time.GetElapsedTime(request.Started));
        }

        End(request);
        parts.Queues.Touch(lane.Subscription);
        parts.Queues.CanCommit.Set();
    }

    // Null: the process stops.
    private async Task<DeliveryResult?> TrySendAsync(
        string feature, DeliveryRequest request, CancellationToken cancellationToken)
    {
        try
        {
            return await features[feature].SendAsync(request, cancellationToken);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            return null;
        }
        catch (Exception exception)
        {
            diagnostics.LoopFailed(exception);
            return new DeliveryResult(Verdict.Failed, Message: "The request failed unexpectedly.");
        }
    }

    private sealed class RunningRequest(Lane lane, Delivery delivery, DeliveryRequest request, long started)
    {
        public Lane Lane => lane;

        public Delivery Delivery => delivery;

        public DeliveryRequest Request => request;

        public Destination Destination { get; } = lane.Subscription.Destination;

        public bool IsUnproven { get; } = !lane.Subscription.Destination.IsProven;

        public long Started => started;

        public bool IsSlow { get; set; }
    }
}
