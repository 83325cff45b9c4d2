using System.Threading.Channels;
using WikiBus.Server.Streaming.Pages;
using WikiBus.Server.Streaming.Settings;
using WikiBus.Storage;

namespace WikiBus.Server.Streaming.Connections;

/// <summary>
/// All open connections. One loop moves the shared window to the log's end, some loops offer the new records, and one
/// timer looks after heartbeats and deadlines. At shutdown the connections end one after the other.
/// </summary>
internal sealed class Audience : BackgroundService
{
    /// <summary>
    /// A tick visits this fraction of the sections. Else the heartbeats of connections that were opened together would
    /// need a buffer each at the same moment.
    /// </summary>
    private const int BeatParts = 10;

    private const int TicksPerHeartbeat = 10;

    /// <summary>Each connection is visited at least this often: some deadlines are shorter than heartbeats.</summary>
    private static readonly TimeSpan s_tickPeriodMax = TimeSpan.FromSeconds(1);

    /// <summary>Loops that offer. They leave one processor to the producers and the log.</summary>
    private static readonly int s_offeringMax = Math.Max(1, Environment.ProcessorCount - 1);

    private readonly Lock _lock = new();

    /// <summary>Sections whose connections are to be offered the new records; each is in here at most once.</summary>
    private readonly Channel<AudienceSection> _due = Channel.CreateUnbounded<AudienceSection>();

    /// <summary>Released when the first connection joins; its count is at most 1.</summary>
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

        // StopAsync would come too late: the web server waits for its connections before hosted services stop.
        var ending = new SpreadEnding(options, time);
        _stopping = lifetime.ApplicationStopping.Register(() => _ = ending.EndAsync(BeginEnding()));
    }

    /// <summary>True once the server stops: a connection that joins now must end itself.</summary>
    public bool IsEnding { get; private set; }

    /// <summary>Seats a connection. From now on it is woken.</summary>
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
                // Without connections a commit wakes nobody, and the producers get the processor. The first connection
                // reads from the log what was committed meanwhile.
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

            // Other work of the thread pool goes first.
            await Task.Yield();
        }
    }

    // A record that cannot be read stops nobody here: the window starts again after it. A connection that needs the
    // record reads it itself, and reports the damage to its client.
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
        var wanted = _options.HeartbeatInterval / TicksPerHeartbeat;
        var period = wanted < s_tickPeriodMax ? wanted : s_tickPeriodMax;
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

    private StreamConnection[] BeginEnding()
    {
        lock (_lock)
        {
            // A connection that joins after this sees it and ends itself.
            IsEnding = true;
            return [.. Seated(first: 0, step: 1)];
        }
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
}
