using System.Threading.Channels;
using WikiBus.Server.Streaming.Pages;
using WikiBus.Server.Streaming.Settings;
using WikiBus.Storage;

namespace WikiBus.Server.Streaming.Connections;

/// <summary>
/// All open connections: one loop moves the shared window with the log and wakes who waits, one timer looks after
/// heartbeats and deadlines, and at shutdown they end one after the other.
/// </summary>
internal sealed class Audience : BackgroundService
{
    /// <summary>
    /// The sections are gone through in so many parts, so that heartbeats of connections that were opened together do
    /// not need a buffer each at the same moment.
    /// </summary>
    private const int BeatParts = 10;

    private const int TicksPerHeartbeat = 10;

    /// <summary>Each is looked after at least so often: there are deadlines shorter than heartbeats.</summary>
    private static readonly TimeSpan s_tickPeriodMax = TimeSpan.FromSeconds(1);

    /// <summary>Sections offered at a time: one processor is left to the producers, and to the log.</summary>
    private static readonly int s_offeringMax = Math.Max(1, Environment.ProcessorCount - 1);

    private static readonly TimeSpan s_endingStep = TimeSpan.FromMilliseconds(20);
    private static readonly TimeSpan s_endingPerConnection = TimeSpan.FromMilliseconds(2);

    private readonly Lock _lock = new();

    /// <summary>Sections whose connections are to be offered what is new; none is in here twice.</summary>
    private readonly Channel<AudienceSection> _due = Channel.CreateUnbounded<AudienceSection>();

    /// <summary>Somebody has come where nobody was; at most 1.</summary>
    private readonly SemaphoreSlim _joined = new(0);
    private readonly EventLog _log;
    private readonly PageFeed _feed;
    private readonly StreamingOptions _options;
    private readonly StreamingDiagnostics _diagnostics;
    private readonly TimeProvider _time;
    private readonly CancellationTokenRegistration _stopping;

    // Replaced, never changed, so that it is walked without the lock.
    private AudienceSection[] _sections = [];
    private int _count;

    public Audience(
        EventLog log, PageFeed feed, StreamingOptions options, StreamingDiagnostics diagnostics, TimeProvider time,
        IHostApplicationLifetime lifetime)
    {
        _log = log;
        _feed = feed;
        _options = options;
        _diagnostics = diagnostics;
        _time = time;
        diagnostics.ObserveConnections(() => Volatile.Read(ref _count));

        // The web server waits for its connections before hosted services are stopped, so StopAsync would come too
        // late.
        _stopping = lifetime.ApplicationStopping.Register(() => _ = EndAllAsync());
    }

    /// <summary>True once the server stops: new connections are told to come back and end at once.</summary>
    public bool IsEnding { get; private set; }

    /// <summary>Seats a connection; from now on it is woken.</summary>
    public AudienceSection Join(StreamConnection connection)
    {
        lock (_lock)
        {
            if (_count++ == 0 && _joined.CurrentCount == 0)
            {
                _joined.Release();
            }

            foreach (var section in _sections)
            {
                if (section.TrySeat(connection))
                {
                    return section;
                }
            }

            var added = new AudienceSection();
            added.TrySeat(connection);
            _sections = [.. _sections, added];
            return added;
        }
    }

    public void Leave(StreamConnection connection, AudienceSection section)
    {
        lock (_lock)
        {
            section.Leave(connection);
            _count--;
        }
    }

    public override void Dispose()
    {
        _stopping.Dispose();
        _joined.Dispose();
        base.Dispose();
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        Task[] loops =
        [
            FollowAsync(stoppingToken),
            BeatAsync(stoppingToken),
            .. Enumerable.Range(0, s_offeringMax).Select(_ => OfferAsync(stoppingToken)),
        ];
        try
        {
            await Task.WhenAll(loops).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // Stopping is how the loops end.
        }
    }

    private async Task FollowAsync(CancellationToken cancellationToken)
    {
        while (!cancellationToken.IsCancellationRequested)
        {
            if (Volatile.Read(ref _count) == 0)
            {
                // Nobody is there to be woken by a commit, and producers need the processor. Who comes reads
                // from the log what is committed until then.
                await _joined.WaitAsync(cancellationToken).ConfigureAwait(false);
                _feed.Extend(isRead: false);
            }
            else
            {
                await _log.WaitAsync(_feed.End, cancellationToken).ConfigureAwait(false);
                if (_log.EndPosition <= _feed.End)
                {
                    return; // The log has stopped.
                }

                ExtendFeed();
            }

            foreach (var section in Volatile.Read(ref _sections))
            {
                if (section.TryMarkDue())
                {
                    _due.Writer.TryWrite(section);
                }
            }
        }
    }

    private async Task OfferAsync(CancellationToken cancellationToken)
    {
        await foreach (var section in _due.Reader.ReadAllAsync(cancellationToken).ConfigureAwait(false))
        {
            section.Offer();

            // What else waits in the thread pool goes first.
            await Task.Yield();
        }
    }

    // A record that cannot be read stops nobody here: the window starts again behind it, and who needs the record reads
    // it itself and is told.
    private void ExtendFeed()
    {
        try
        {
            _feed.Extend(isRead: Volatile.Read(ref _count) > 0);
        }
        catch (Exception exception) when (LogFault.Is(exception))
        {
            _diagnostics.RecordDamaged(exception);
            _feed.Extend(isRead: false);
        }
        catch (Exception exception)
        {
            _diagnostics.LoopFailed(exception);
            _feed.Extend(isRead: false);
        }
    }

    private async Task BeatAsync(CancellationToken cancellationToken)
    {
        var period = Min(_options.HeartbeatInterval / TicksPerHeartbeat, s_tickPeriodMax);
        using var timer = new PeriodicTimer(period / BeatParts, _time);
        for (var part = 0;
            await timer.WaitForNextTickAsync(cancellationToken).ConfigureAwait(false);
            part = (part + 1) % BeatParts)
        {
            Beat(part);
        }
    }

    private void Beat(int part)
    {
        try
        {
            var now = _time.GetTimestamp();
            foreach (var connection in Seated(part, BeatParts))
            {
                connection.Tick(now);
            }
        }
        catch (Exception exception)
        {
            _diagnostics.LoopFailed(exception);
        }
    }

    // Spread, so that those who come back do not come back all at once; each is also told another delay.
    private async Task EndAllAsync()
    {
        StreamConnection[] all;
        lock (_lock)
        {
            // Who joins from here on sees it and ends itself.
            IsEnding = true;
            all = [.. Seated(first: 0, step: 1)];
        }

        var spread = Min(_options.ShutdownSpread, s_endingPerConnection * all.Length);
        var steps = Math.Max(1, (int)(spread / s_endingStep));
        var batch = (all.Length + steps - 1) / steps;
        for (var index = 0; index < all.Length; index++)
        {
            if (index > 0 && index % batch == 0)
            {
                await Task.Delay(s_endingStep, _time, CancellationToken.None).ConfigureAwait(false);
            }

            all[index].End(RetryDelay(index));
        }
    }

    /// <summary>
    /// Between half and one and a half times the configured delay, evenly spread over the connections.
    /// </summary>
    public TimeSpan RetryDelay(int index)
    {
        const double GoldenRatio = 0.6180339887;
        return _options.RetryDelay * (0.5 + (index * GoldenRatio % 1));
    }

    private IEnumerable<StreamConnection> Seated(int first, int step)
    {
        var sections = Volatile.Read(ref _sections);
        for (var index = first; index < sections.Length; index += step)
        {
            foreach (var connection in sections[index].Seated)
            {
                yield return connection;
            }
        }
    }

    private static TimeSpan Min(TimeSpan left, TimeSpan right) => left < right ? left : right;
}
