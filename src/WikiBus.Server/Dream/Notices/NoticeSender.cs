using System.Text;
using System.Xml.Linq;
using WikiBus.Server.Access.Keys;
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
using WikiBus.Server.State;

namespace WikiBus.Server.Dream.Notices;

/// <summary>
/// Sends the combined set to whoever subscribes to <c>pubsub:///set/update</c>: immediately, after each change, and
/// after a start. Only the newest version matters, so it is not a record of the log. A watcher that does not take it is
/// tried again until it does. Safe for concurrent use.
/// </summary>
/// <remarks>Source: Dream's <c>Dispatcher</c>, and recorded events.</remarks>
internal sealed class NoticeSender(
    SetStore sets, CombinedSets combined, KeyStore keys, SubscriptionOwners owners, GuardedSender sender,
    DreamTargets targets, DeliveriesOptions options, OwnUris own, TimeProvider time, ILogger<NoticeSender> logger)
    : BackgroundService
{
    /// <summary>Most requests at once.</summary>
    public const int ConcurrencyMax = 8;

    /// <summary>Most requests at once for the sets of one key, so that slow watchers of it delay no others.</summary>
    public const int ConcurrencyPerKeyMax = 2;

    private const string Channel = "pubsub:///set/update";
    private const string ContentType = "application/xml; charset=utf-8";

    private static readonly TimeSpan s_tick = TimeSpan.FromSeconds(1);

    private readonly Lock _lock = new();
    private readonly Signal _signal = new();
    private readonly Dictionary<(string Location, string Uri), NoticeWatcher> _watchers = [];
    private readonly Dictionary<string, int> _runningByGroup = [];
    private SetBook? _book;
    private volatile bool _isKeyChanged;

    /// <summary>Has each watcher taken the newest version? For tests.</summary>
    public bool IsQuiet
    {
        get
        {
            lock (_lock)
            {
                var version = sets.Book.Version;
                return _book == sets.Book && _watchers.Values.All(one =>
                    !one.IsRunning && one.TakenVersion >= version);
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
        keys.Changed += KeyChanged;
        using var ticks = time.CreateTimer(_ => _signal.Set(), null, s_tick, s_tick);
        try
        {
            _signal.Set();
            await own.WhenKnownAsync(stoppingToken);
            while (!stoppingToken.IsCancellationRequested)
            {
                await _signal.WaitAsync(stoppingToken);
                await CountChangedKeysAsync();
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
            keys.Changed -= KeyChanged;
        }
    }

    // Sets of a revoked key leave the combined set, and a changed key may see more or fewer.
    private void KeyChanged(string key)
    {
        if (sets.Book.All.Any(set => set.KeyId == key))
        {
            _isKeyChanged = true;
            _signal.Set();
        }
    }

    private async Task CountChangedKeysAsync()
    {
        if (!_isKeyChanged)
        {
            return;
        }

        _isKeyChanged = false;
        try
        {
            await sets.CountChangeAsync();
        }
        catch (StateException)
        {
            // The next tick tries again.
            _isKeyChanged = true;
        }
    }

    private void Begin(CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            if (sets.Book is var book && book != _book)
            {
                Use(book);
            }

            // Groups of which nothing runs come first, then those that have waited longest.
            var due = _watchers.Where(one => !one.Value.IsRunning && one.Value.TakenVersion < book.Version
                    && one.Value.NextTry <= time.GetUtcNow())
                .OrderBy(one => _runningByGroup.GetValueOrDefault(GroupOf(one.Value.Set)))
                .ThenBy(static one => one.Value.NextTry).ToList();
            foreach (var ((_, uri), watcher) in due)
            {
                var group = GroupOf(watcher.Set);
                var ofGroup = _runningByGroup.GetValueOrDefault(group);
                if (_runningByGroup.Values.Sum() < ConcurrencyMax && ofGroup < ConcurrencyPerKeyMax
                    && owners.Exists(watcher.Set.KeyId))
                {
                    watcher.IsRunning = true;
                    _runningByGroup[group] = ofGroup + 1;
                    _ = SendAsync(watcher.Set, uri, watcher, cancellationToken);
                }
            }
        }
    }

    // Watchers of one key share its places, and each link has its own.
    private static string GroupOf(StoredSet set) => set.IsOfUpstream ? set.Location : set.KeyId;

    // Looking for watchers reads all patterns, so it is done once for each change.
    private void Use(SetBook book)
    {
        _book = book;
        var wanted = book.All.SelectMany(DestinationsOf)
            .DistinctBy(static one => (one.Set.Location, one.Uri))
            .ToDictionary(static one => (one.Set.Location, one.Uri), static one => one.Set);
        foreach (var gone in _watchers.Keys.Where(key => !wanted.ContainsKey(key)).ToList())
        {
            _watchers.Remove(gone);
        }

        foreach (var (key, set) in wanted)
        {
            if (_watchers.TryGetValue(key, out var watcher))
            {
                watcher.Set = set;
            }
            else
            {
                _watchers.Add(key, new NoticeWatcher { Set = set });
            }
        }
    }

    // The set of a downstream service is written there, and combined sets have secrets of others. The service of a link
    // that left the configuration gets nothing, also before the set is deleted.
    private IEnumerable<(StoredSet Set, string Uri)> DestinationsOf(StoredSet set) => set.Set.Subscriptions
        .Where(_ => set.IsOfUpstream ? combined.IsLinked(set.Set.Owner) : set.KeyId != Caller.ConfigurationId)
        .Where(static subscription => subscription.Channels.Any(static channel =>
            ChannelPattern.TryParse(channel, out var pattern, out _)
            && pattern.Matches(Encoding.UTF8.GetBytes(Channel))))
        .Select(subscription => (set, subscription.Destination));

    private async Task SendAsync(
        StoredSet set, string uri, NoticeWatcher watcher, CancellationToken cancellationToken)
    {
        await Task.Yield();
        string? fault = null;
        long? taken = null;
        try
        {
            var document = set.IsOfUpstream
                ? combined.ForUpstream(set.Set.Owner)
                : combined.For(set.KeyId, owners.Find(set.KeyId)?.Caller.Roles ?? Role.None);
            fault = await TrySendAsync(set, uri, document, cancellationToken);
            taken = fault is null ? document.Version : null;
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
            if (--_runningByGroup[GroupOf(set)] == 0)
            {
                _runningByGroup.Remove(GroupOf(set));
            }

            if (taken is { } version)
            {
                watcher.Succeed(version);
            }
            else if (watcher.Fail(time.GetUtcNow()) && fault is not null)
            {
                Report(set, fault);
            }
        }

        _signal.Set();
    }

    private void Report(StoredSet set, string fault)
    {
        if (set.IsOfUpstream)
        {
            DreamDiagnostics.UpstreamNotTaken(logger, set.Location, fault);
        }
        else
        {
            DreamDiagnostics.NoticeNotTaken(logger, set.Location, fault);
        }
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
        return DreamVerdict.FindFault(result);
    }
}
