using WikiBus.Server.Deliveries.Lanes;
using WikiBus.Server.Deliveries.Reading;
using WikiBus.Server.Deliveries.Sending;
using WikiBus.Server.Deliveries.Settings;
using WikiBus.Server.Deliveries.Tables;
using WikiBus.Server.State;
using WikiBus.Storage;

namespace WikiBus.Server.Deliveries;

/// <summary>
/// Delivers records of the log to the destinations of subscriptions. One loop reads the head of the log, some readers
/// read for lanes that are behind, one loop sends, one commits outcomes, and one loads waiting deliveries. Safe for
/// concurrent use.
/// </summary>
internal sealed class DeliveryEngine : BackgroundService
{
    /// <summary>How often lanes are looked at whose time may have come.</summary>
    private static readonly TimeSpan s_tickPeriod = TimeSpan.FromMilliseconds(100);

    /// <summary>How often cursors are stored that moved over records that do not match.</summary>
    private static readonly TimeSpan s_cursorPeriod = TimeSpan.FromSeconds(10);

    /// <summary>At a stop, requests that run longer are broken off. They are repeated after the next start.</summary>
    private static readonly TimeSpan s_stopTimeout = TimeSpan.FromSeconds(3);

    private readonly EventLog _log;
    private readonly StateDatabase _state;
    private readonly TimeProvider _time;
    private readonly DeliveriesDiagnostics _diagnostics;
    private readonly Dispatcher _dispatcher;
    private readonly HeadLoop _head;
    private readonly CatchUpReaders _catchUp;
    private readonly RowLoader _loader;
    private readonly SubscriptionLoader _subscriptions;
    private readonly WaitingAges _ages;
    private readonly CancellationTokenSource _requests = new();

    public DeliveryEngine(
        EventLog log, StateDatabase state, LaneParts parts, SubscriptionBook book, Committer committer,
        IEnumerable<IDeliveryFeature> features, DeliveriesDiagnostics diagnostics, TimeProvider time)
    {
        _log = log;
        _state = state;
        _time = time;
        _diagnostics = diagnostics;
        Parts = parts;
        Book = book;
        Committer = committer;
        Features = features.ToDictionary(static feature => feature.Name, StringComparer.Ordinal);
        _head = new HeadLoop(log, parts, diagnostics);
        _catchUp = new CatchUpReaders(log, parts, _head, diagnostics);
        _dispatcher = new Dispatcher(log, parts, Features, diagnostics, time);
        _loader = new RowLoader(state, committer, parts, diagnostics, time);
        _subscriptions = new SubscriptionLoader(log, parts, Features, diagnostics);
        _ages = new WaitingAges(state, time);
    }

    public LaneParts Parts { get; }

    public SubscriptionBook Book { get; }

    public Committer Committer { get; }

    public IReadOnlyDictionary<string, IDeliveryFeature> Features { get; }

    /// <summary>For metrics and tests.</summary>
    public HeadLoop Head => _head;

    /// <summary>Requests that run. Under the engine's lock; for metrics and tests.</summary>
    public int RunningCount => _dispatcher.RunningCount;

    /// <summary>For metrics.</summary>
    public WaitingAges Ages => _ages;

    /// <summary>For tests.</summary>
    public CatchUpReaders CatchUp => _catchUp;

    /// <summary>
    /// The subscriptions, their lanes or rules changed. Under the engine's lock.
    /// </summary>
    public void LanesChanged() => _head.SetLanes(Book.LiveLanes);

    /// <summary>
    /// The cursors of a subscription are stored with the next commit. So a change begins where the subscription was
    /// before it, also after a crash.
    /// </summary>
    public void MarkCursors(string id)
    {
        lock (Parts.Lock)
        {
            if (Book.TryFind(id, out var subscription))
            {
                MarkCursors(subscription);
            }
        }
    }

    /// <summary>Reads the subscriptions before the server listens.</summary>
    /// <exception cref="StateException">They cannot be read, or a lost range cannot be stored.</exception>
    public override async Task StartAsync(CancellationToken cancellationToken)
    {
        var loaded = _state.Read(_subscriptions.Load);
        lock (Parts.Lock)
        {
            Parts.Head = new LaneCursor(_log.EndPosition, Parts.Now.ToUnixTimeMilliseconds());
            loaded.ForEach(Book.Add);
            LanesChanged();
            loaded.ForEach(Parts.Queues.Touch);
        }

        // Before the log grows: else a cursor of another log could be taken for one of this log after a crash.
        await CommitAsync();
        await base.StartAsync(cancellationToken);
    }

    /// <summary>No new requests; those that run may end; outcomes and cursors are stored.</summary>
    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        _requests.CancelAfter(s_stopTimeout);
        await _dispatcher.WhenIdleAsync();
        try
        {
            MarkCursors();
            await CommitAsync();
        }
        catch (StateException)
        {
            // The database has reported it. What is not stored is delivered again.
        }
    }

    public override void Dispose()
    {
        _requests.Dispose();
        base.Dispose();
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        Task[] loops =
        [
            GuardAsync(_head.RunAsync, stoppingToken),
            GuardAsync(_catchUp.RunAsync, stoppingToken),
            GuardAsync(token => _dispatcher.RunAsync(_requests.Token, token), stoppingToken),
            GuardAsync(Committer.RunAsync, stoppingToken),
            GuardAsync(_loader.RunAsync, stoppingToken),
            GuardAsync(_ages.RunAsync, stoppingToken),
            GuardAsync(TickAsync, stoppingToken),
        ];
        await Task.WhenAll(loops);
    }

    private Task CommitAsync() => Committer.InTurnAsync(static () => Task.FromResult(true));

    private async Task GuardAsync(Func<CancellationToken, Task> loop, CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await loop(stoppingToken);
                return;
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                return;
            }
            catch (Exception exception)
            {
                _diagnostics.LoopFailed(exception);
                await Task.Delay(s_tickPeriod, _time, stoppingToken)
                    .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }

    /// <summary>Wakes lanes whose time has come: a probe, a retry, a reader that met damage.</summary>
    private async Task TickAsync(CancellationToken cancellationToken)
    {
        for (var stored = _time.GetTimestamp(); ;)
        {
            await Task.Delay(s_tickPeriod, _time, cancellationToken);
            lock (Parts.Lock)
            {
                _dispatcher.MarkSlow();
                foreach (var subscription in Book.All)
                {
                    EndReplay(subscription);
                    Parts.Queues.Touch(subscription);
                }

                Parts.Queues.CanSend.Set();
                if (Parts.Pending.HasOutcomes)
                {
                    Parts.Queues.CanCommit.Set();
                }
            }

            if (_time.GetElapsedTime(stored) >= s_cursorPeriod)
            {
                stored = _time.GetTimestamp();
                MarkCursors();
                Parts.Queues.CanCommit.Set();
            }
        }
    }

    private void EndReplay(Subscription subscription)
    {
        if (subscription.Replay is { IsFinished: true } replay)
        {
            replay.Remove();
            Parts.Pending.Add(writer => writer.RemoveLane(replay.Number));
        }
    }

    private void MarkCursors()
    {
        lock (Parts.Lock)
        {
            foreach (var subscription in Book.All)
            {
                MarkCursors(subscription);
            }
        }
    }

    private void MarkCursors(Subscription subscription)
    {
        foreach (var lane in subscription.Lanes)
        {
            if (lane.Cursor != lane.StoredCursor)
            {
                Parts.Pending.MarkCursor(lane);
            }
        }
    }
}
