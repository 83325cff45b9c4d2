using System.Text;
using System.Xml.Linq;
using WikiBus.Server.Access.Rights;
using WikiBus.Server.Deliveries.Guard;
using WikiBus.Server.Deliveries.Lanes;
using WikiBus.Server.Deliveries.Settings;
using WikiBus.Server.Dream.Events;
using WikiBus.Server.Dream.Sending;
using WikiBus.Server.Dream.Settings;
using WikiBus.Server.Dream.Sets;
using WikiBus.Server.Dream.Subscribers;
using WikiBus.Server.Dream.Tables;
using WikiBus.Server.Dream.Uris;
using WikiBus.Server.Filters;

namespace WikiBus.Server.Dream.Notices;

/// <summary>
/// Sends the combined set to whoever subscribes to <c>pubsub:///set/update</c>: immediately, after each change, and
/// after a start. Only the newest version matters, so it is not a record of the log. A watcher that does not take it is
/// tried again until it does. Safe for concurrent use.
/// </summary>
/// <remarks>Source: Dream's <c>Dispatcher</c>, and recorded events.</remarks>
internal sealed class NoticeSender(
    SetStore sets, CombinedSets combined, SubscriptionOwners owners, GuardedSender sender, DreamTargets targets,
    DeliveriesOptions options, OwnUris own, TimeProvider time, ILogger<NoticeSender> logger) : BackgroundService
{
    /// <summary>Most requests at once.</summary>
    public const int ConcurrencyMax = 8;

    private const string Channel = "pubsub:///set/update";
    private const string ContentType = "application/xml; charset=utf-8";

    private static readonly TimeSpan s_tick = TimeSpan.FromSeconds(1);

    private readonly Lock _lock = new();
    private readonly Signal _signal = new();
    private readonly Dictionary<(string Location, string Uri), NoticeWatcher> _watchers = [];
    private int _runningCount;

    /// <summary>Has each watcher taken the newest version? For tests.</summary>
    public bool IsQuiet
    {
        get
        {
            lock (_lock)
            {
                var version = sets.Book.Version;
                return _watchers.Values.All(one => !one.IsRunning && one.TakenVersion >= version);
            }
        }
    }

    /// <summary>The watchers of a set get the combined set again.</summary>
    public void Repeat(string location)
    {
        lock (_lock)
        {
            foreach (var (_, watcher) in _watchers.Where(one => one.Key.Location == location))
            {
                watcher.Repeat();
            }
        }

        _signal.Set();
    }

    public override void Dispose()
    {
        _signal.Dispose();
        base.Dispose();
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        sets.Changed += _signal.Set;
        using var ticks = time.CreateTimer(_ => _signal.Set(), null, s_tick, s_tick);
        try
        {
            _signal.Set();
            await own.WhenKnownAsync(time, stoppingToken);
            while (!stoppingToken.IsCancellationRequested)
            {
                await _signal.WaitAsync(stoppingToken);
                Begin(stoppingToken);
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The next start sends the newest version.
        }
        finally
        {
            sets.Changed -= _signal.Set;
        }
    }

    private void Begin(CancellationToken cancellationToken)
    {
        var book = sets.Book;
        var wanted = book.All.SelectMany(DestinationsOf).DistinctBy(static one => (one.Set.Location, one.Uri)).ToList();
        lock (_lock)
        {
            var keys = wanted.Select(static one => (one.Set.Location, one.Uri)).ToHashSet();
            foreach (var gone in _watchers.Keys.Where(key => !keys.Contains(key)).ToList())
            {
                _watchers.Remove(gone);
            }

            foreach (var (set, uri) in wanted)
            {
                if (!_watchers.TryGetValue((set.Location, uri), out var watcher))
                {
                    _watchers.Add((set.Location, uri), watcher = new NoticeWatcher());
                }

                if (_runningCount < ConcurrencyMax && !watcher.IsRunning && watcher.TakenVersion < book.Version
                    && watcher.NextTry <= time.GetUtcNow() && owners.Exists(set.KeyId))
                {
                    watcher.IsRunning = true;
                    _runningCount++;
                    _ = SendAsync(set, uri, watcher, cancellationToken);
                }
            }
        }
    }

    private static IEnumerable<(StoredSet Set, string Uri)> DestinationsOf(StoredSet set) => set.Set.Subscriptions
        .Where(static subscription => subscription.Channels.Any(static channel =>
            ChannelPattern.TryParse(channel, out var pattern, out _)
            && pattern.Matches(Encoding.UTF8.GetBytes(Channel))))
        .Select(subscription => (set, subscription.Destination));

    private async Task SendAsync(
        StoredSet set, string uri, NoticeWatcher watcher, CancellationToken cancellationToken)
    {
        await Task.Yield();
        var document = combined.For(set.KeyId, owners.Find(set.KeyId)?.Caller.Roles ?? Role.None);
        string? fault = "the request failed unexpectedly";
        try
        {
            fault = await TrySendAsync(set, uri, document, cancellationToken);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            return;
        }
        catch (Exception exception)
        {
            DreamDiagnostics.NoticeFailed(logger, exception, set.Location);
        }

        lock (_lock)
        {
            watcher.IsRunning = false;
            _runningCount--;
            if (fault is null)
            {
                watcher.Succeed(document.Version!.Value);
            }
            else
            {
                watcher.Fail(time.GetUtcNow());
            }
        }

        _signal.Set();
    }

    /// <summary>Null: the watcher took it, or has a newer version.</summary>
    private async Task<string?> TrySendAsync(
        StoredSet set, string uri, SubscriptionSet document, CancellationToken cancellationToken)
    {
        if (!DreamUri.TryParse(uri, out var target) || target.ToHttpUrl() is not { } url)
        {
            return "the destination is no http or https URL";
        }

        var body = Encoding.UTF8.GetBytes(SetWriter.Write(document).ToString(SaveOptions.DisableFormatting));
        var recipients = set.Set.Subscriptions.Where(one => one.Destination == uri)
            .SelectMany(static one => one.Recipients).Select(static one => one.Uri).Distinct(StringComparer.Ordinal);
        var cookies = set.Set.Subscriptions.Select(static one => one.Cookie).OfType<SetCookie>();
        var notice = new DreamEvent(
            Guid.NewGuid().ToString(), Channel, Resource: null, [own.Own], [], [], ContentType, body);
        using var message = DreamMessage.Of(
            url, notice, [.. recipients], CookieHeader.For(target, cookies, time.GetUtcNow()), own.Own);
        var result = await sender.SendAsync(
            DreamTargets.PoolOf(set.KeyId), targets.Of(set.KeyId), message, options.Timeout, cancellationToken);
        return result switch
        {
            SendResult.Answered { Status: (>= 200 and <= 299) or 304 } => null,
            SendResult.Answered answered => $"answered {answered.Status}",
            SendResult.Unreached unreached => unreached.Message,
            SendResult.Broken broken => broken.Message,
            _ => "unknown",
        };
    }
}
