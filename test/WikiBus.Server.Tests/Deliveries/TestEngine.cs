using System.Text;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;
using WikiBus.Server.Access.Keys;
using WikiBus.Server.Access.Rights;
using WikiBus.Server.Admin;
using WikiBus.Server.Deliveries;
using WikiBus.Server.Deliveries.Lanes;
using WikiBus.Server.Deliveries.Sending;
using WikiBus.Server.Deliveries.Settings;
using WikiBus.Server.Deliveries.Tables;
using WikiBus.Server.State;
using WikiBus.Storage;

namespace WikiBus.Server.Tests.Deliveries;

/// <summary>
/// The engine with a real log and a real database, a feature that a test scripts, and a clock that the test moves.
/// </summary>
internal sealed class TestEngine : IAsyncDisposable
{
    private static readonly TimeSpan s_limit = TimeSpan.FromMinutes(2);
    private static readonly TimeSpan s_commit = TimeSpan.FromMilliseconds(20);

    private readonly TemporaryDirectory _directory = new();
    private readonly Action<DeliveriesOptions> _configure;
    private readonly Action<EventLogOptionsBuilder> _configureLog;
    private ServiceProvider? _services;
    private long _appended;

    private TestEngine(Action<DeliveriesOptions> configure, Action<EventLogOptionsBuilder> configureLog)
    {
        _configure = configure;
        _configureLog = configureLog;
        Data = _directory.Combine("data");
        Feature = new ScriptedFeature(Time);
    }

    public FakeTimeProvider Time { get; } = new(new DateTimeOffset(2026, 1, 2, 3, 4, 5, TimeSpan.Zero));

    public ScriptedFeature Feature { get; }

    public string Data { get; set; }

    /// <summary>How long <see cref="SettleAsync"/> may take, by the clock of the machine.</summary>
    public TimeSpan SettleMax { get; set; } = s_limit;

    public EventLog Log { get; private set; } = null!;

    public DeliveryEngine Engine => _services!.GetRequiredService<DeliveryEngine>();

    public Subscriptions Subscriptions => _services!.GetRequiredService<Subscriptions>();

    public StateDatabase State => _services!.GetRequiredService<StateDatabase>();

    public KeyStore Keys => _services!.GetRequiredService<KeyStore>();

    public T Get<T>()
        where T : notnull => _services!.GetRequiredService<T>();

    public LineLogger<DeliveriesDiagnostics> Logger { get; } = new();

    public LineLogger<StateDatabase> StateLogger { get; } = new();

    public static async Task<TestEngine> StartAsync(
        Action<DeliveriesOptions>? configure = null, Action<EventLogOptionsBuilder>? configureLog = null)
    {
        var engine = new TestEngine(configure ?? (static _ => { }), configureLog ?? (static _ => { }));
        await engine.OpenAsync();
        return engine;
    }

    /// <summary>All metrics, as text.</summary>
    public string Metrics() => _services!.GetRequiredService<MetricCollector>().Collect();

    /// <summary>Subscribes as the configuration, which may read everything.</summary>
    public async Task<Subscription> SubscribeAsync(string id, string definition = "", long? start = null)
    {
        var change = await Subscriptions.CreateAsync(
            ScriptedFeature.FeatureName, id, Subscription.ConfigurationOwner, definition, start, countMax: 10_000,
            isSame: known => known == definition);
        change.Outcome.ShouldBe(ChangeOutcome.Done);
        return change.Subscription!;
    }

    public SubscriptionStatus StatusOf(string id) =>
        Subscriptions.Find(ScriptedFeature.FeatureName, id).ShouldNotBeNull();

    /// <summary>Appends records with the payloads 0, 1, 2… or a given one, and returns their positions.</summary>
    public async Task<IReadOnlyList<long>> AppendAsync(
        int count, string stream = "a", Func<int, string>? key = null, Func<int, string>? payload = null,
        string channel = "")
    {
        var drafts = Enumerable.Range(0, count).Select(index => new RecordDraft
        {
            Stream = stream,
            Key = Encoding.UTF8.GetBytes(key?.Invoke(index) ?? ""),
            Channel = Encoding.UTF8.GetBytes(channel),
            ContentType = "application/json"u8.ToArray(),
            Id = Encoding.UTF8.GetBytes($"id-{_appended + index}"),
            Payload = Encoding.UTF8.GetBytes(payload?.Invoke(index) ?? $"{_appended + index}"),
        }).ToList();
        _appended += count;
        var positions = new List<long>();
        foreach (var part in drafts.Chunk(10_000))
        {
            var result = await Log.Append(part).Completion.WaitAsync(s_limit);
            positions.AddRange(result.Records.Select(static record => record.Position));
        }

        return positions;
    }

    /// <summary>Moves the clock, and waits until everything that was due has been done.</summary>
    public async Task AdvanceAsync(TimeSpan step)
    {
        Time.Advance(step);
        await SettleAsync();
    }

    /// <summary>Waits until the engine has nothing to do now. The clock moves by some commits.</summary>
    public async Task SettleAsync()
    {
        using var limit = new CancellationTokenSource(SettleMax);
        for (var quiet = 0; quiet < 3;)
        {
            limit.IsCancellationRequested.ShouldBeFalse(Describe());
            if (IsQuiet())
            {
                quiet++;
            }
            else
            {
                quiet = 0;
                Time.Advance(s_commit);
            }

            await Task.Delay(TimeSpan.FromMilliseconds(1), TimeProvider.System);
        }
    }

    /// <summary>From now on all deliveries fail.</summary>
    public void FailAll() =>
        Feature.Answer = static _ => Task.FromResult(new DeliveryResult(Verdict.Failed, 500, "500"));

    /// <summary>Moves the clock until as many deliveries of a subscription are dead.</summary>
    public Task DieAsync(string id, int count) =>
        UntilAsync(() => StatusOf(id).Dead == count, TimeSpan.FromHours(1), stepsMax: 500);

    /// <summary>Appends records until retention has removed a position.</summary>
    public async Task RetainAsync(long position)
    {
        while (Log.FirstPosition <= position)
        {
            await AppendAsync(1, "filler", payload: static _ => new string('f', 20_000));
            await AdvanceAsync(TimeSpan.FromMinutes(1));
        }
    }

    /// <summary>Moves the clock in steps until a condition holds.</summary>
    public async Task UntilAsync(Func<bool> condition, TimeSpan step, int stepsMax = 10_000)
    {
        for (var count = 0; !condition(); count++)
        {
            count.ShouldBeLessThan(stepsMax, $"the condition never came true; {Describe()}");
            await AdvanceAsync(step);
        }
    }

    /// <summary>Waits, without moving the clock, until as many outcomes are not committed.</summary>
    public async Task UntilUncommittedAsync(int count)
    {
        using var limit = new CancellationTokenSource(s_limit);
        while (true)
        {
            lock (Engine.Parts.Lock)
            {
                if (Engine.Parts.Pending.OutcomeCount == count)
                {
                    return;
                }
            }

            limit.IsCancellationRequested.ShouldBeFalse(Describe());
            await Task.Delay(TimeSpan.FromMilliseconds(1), TimeProvider.System);
        }
    }

    /// <summary>Stops the engine gracefully and starts it again on the same data.</summary>
    public async Task RestartAsync(Action? between = null)
    {
        await CloseAsync();
        between?.Invoke();
        await OpenAsync();
    }

    /// <summary>
    /// Goes on with a copy of the data of this moment, as after a power loss. What the engine does until it stops is
    /// forgotten.
    /// </summary>
    public async Task CrashAsync()
    {
        var copy = _directory.Combine($"copy-{Guid.NewGuid():N}");
        State.Read(_ =>
        {
            CopyFolder(Data, copy);
            return true;
        });
        await CloseAsync();
        Data = copy;
        await OpenAsync();
    }

    public static void CopyFolder(string from, string to)
    {
        Directory.CreateDirectory(to);
        foreach (var folder in Directory.GetDirectories(from, "*", SearchOption.AllDirectories))
        {
            Directory.CreateDirectory(Path.Combine(to, Path.GetRelativePath(from, folder)));
        }

        foreach (var file in Directory.GetFiles(from, "*", SearchOption.AllDirectories)
            .Where(static file => Path.GetFileName(file) != "lock"))
        {
            File.Copy(file, Path.Combine(to, Path.GetRelativePath(from, file)), overwrite: true);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await CloseAsync();
        _directory.Dispose();
    }

    private async Task OpenAsync()
    {
        Directory.CreateDirectory(Data);
        var files = new PhysicalFileSystem();
        var logOptions = new EventLogOptionsBuilder();
        _configureLog(logOptions);
        Log = EventLog.Open(Path.Combine(Data, "log"), logOptions.Build(), files, Time);
        var services = new ServiceCollection();
        services.AddSingleton<TimeProvider>(Time);
        services.AddSingleton<IFileSystem>(files);
        services.AddSingleton(Log);
        services.AddLogging();
        services.AddSingleton<ILogger<DeliveriesDiagnostics>>(Logger);
        services.AddSingleton<ILogger<StateDatabase>>(StateLogger);
        services.AddState(Data);
        services.AddSingleton(KeyTable.Schema);
        services.AddSingleton(new PublicRules([], []));
        services.AddSingleton(provider => new KeyStore(
            provider.GetRequiredService<StateDatabase>(), AdminKey.Open(Data),
            new KeyLimits(100, TimeSpan.FromHours(1), 100), provider.GetRequiredService<PublicRules>(),
            new ConfiguredPublishers(new HashSet<string>()), Time));
        services.AddDeliveries(new ConfigurationBuilder().Build());
        services.AddSingleton(new Random(7));
        services.AddSingleton<IDeliveryFeature>(Feature);
        services.AddSingleton<MetricCollector>();
        _services = services.BuildServiceProvider();
        _configure(_services.GetRequiredService<DeliveriesOptions>());
        _services.GetRequiredService<MetricCollector>();
        _services.GetRequiredService<DeliveryMetrics>();
        await Engine.StartAsync(CancellationToken.None);
    }

    private async Task CloseAsync()
    {
        // The clock does not move: a stop must not wait for it.
        await Engine.StopAsync(CancellationToken.None).WaitAsync(s_limit);
        await Log.DisposeAsync();
        await _services!.DisposeAsync();
    }

    // Those that hang have taken the half of the slots that is for unproven recipients.
    private bool MayNotBegin(Lane lane) =>
        !lane.Subscription.Destination.IsProven
        && Feature.HangingCount >= Engine.Parts.Options.ConcurrencyMax / 2;

    private string Describe()
    {
        var parts = Engine.Parts;
        lock (parts.Lock)
        {
            var lanes = Engine.Book.All.SelectMany(static one => one.Lanes).Select(static lane =>
                $"{lane.Subscription.Id}: {lane.Subscription.Destination.State}, read {lane.ReadPlace.Position}, "
                + $"cursor {lane.Cursor.Position}, attached {lane.IsAttached}, catching up {lane.IsCatchingUp}, "
                + $"ready {lane.ReadyIn is not null}, loading {lane.Deliveries.Rows.IsLoading}, "
                + $"wants {lane.WantsMore}, waiting {lane.Deliveries.WaitingCount}");
            return $"running {Engine.RunningCount}, hanging {Feature.HangingCount}, uncommitted "
                + $"{parts.Pending.OutcomeCount}, head {parts.Head.Position} of {Log.EndPosition}\n"
                + string.Join('\n', lanes);
        }
    }

    private bool IsQuiet()
    {
        var parts = Engine.Parts;
        lock (parts.Lock)
        {
            return Engine.RunningCount == Feature.HangingCount
                && parts.Pending is { OutcomeCount: 0, HasOutcomes: false }
                && parts.Head.Position == Log.EndPosition
                && Engine.Book.All.SelectMany(static one => one.Lanes).All(lane =>
                    (lane.ReadyIn is null || MayNotBegin(lane)) && !lane.Deliveries.Rows.IsLoading
                    && !lane.IsCatchingUp);
        }
    }
}
