using Microsoft.Data.Sqlite;
using Microsoft.Extensions.DependencyInjection;
using WikiBus.FunctionalTests.Access;
using WikiBus.FunctionalTests.Infrastructure;
using WikiBus.FunctionalTests.Intake;
using WikiBus.FunctionalTests.Streaming;
using WikiBus.Server.Deliveries;
using WikiBus.Server.Deliveries.Lanes;
using WikiBus.Server.Deliveries.Sending;
using WikiBus.Server.State;
using WikiBus.Storage;

namespace WikiBus.FunctionalTests.Deliveries;

/// <summary>Deliveries while the disk is nearly full, or the state database takes no changes.</summary>
public sealed class DeliveryTroubleTests
{
    private const string Id = "search";
    private const string Stream = "test.event";

    private readonly AnsweringFeature _feature = new();

    [Fact]
    public async Task NearlyFullDisk_NothingNewIsDelivered_AndThenItContinues()
    {
        var disk = new TroubledDisk();
        await using var server = await RunningServer.StartAsync(services => services
            .AddSingleton<IFileSystem>(disk).AddSingleton<IDeliveryFeature>(_feature));
        server.Errors.Expect("Disk space is low");
        var subscriptions = await SubscribeAsync(server);
        await IntakePost.SendAsync(server, KeyApi.Event());
        await TestTime.UntilAsync(() => _feature.Tries.Count == 1);
        await subscriptions.PauseAsync(AnsweringFeature.FeatureName, Id);
        for (var count = 0; count < 5; count++)
        {
            await IntakePost.SendAsync(server, KeyApi.Event());
        }

        disk.IsFull = true;
        var log = server.Services.GetRequiredService<EventLog>();
        await TestTime.UntilAsync(() => !log.Health.IsWritable);
        await subscriptions.ResumeAsync(AnsweringFeature.FeatureName, Id, fromNow: false);
        for (var count = 0; count < 20; count++)
        {
            (await server.Client.GetAsync("/readyz", TestTime.Token())).Dispose();
        }

        _feature.Tries.Count.ShouldBe(1);

        disk.IsFull = false;
        await TestTime.UntilAsync(() => _feature.Tries.Count == 6);
        _feature.Tries.Order(StringComparer.Ordinal).ShouldBe(Enumerable.Range(0, 6).Select(n => $"{Stream}@{n}"));
    }

    [Fact]
    public async Task LockedDatabase_StopsDeliveries_AndNothingIsLostOrSentTwice()
    {
        await using var server = await RunningServer.StartAsync(services => services
            .AddSingleton<IDeliveryFeature>(_feature));
        server.Errors.Expect("The state cannot be written: Another program holds state.db locked");
        await SubscribeAsync(server);
        var path = Path.Combine(server.DataDirectory, "state.db");
        using (var other = new SqliteConnection($"Data Source={path};Pooling=False"))
        {
            other.Open();
            using var held = other.BeginTransaction(deferred: false);
            await IntakePost.SendAsync(server, KeyApi.Event());
            await TestTime.UntilAsync(() => IsHeldBack(server));
            for (var count = 0; count < 20; count++)
            {
                (await IntakePost.SendAsync(server, KeyApi.Event())).Status.ShouldBe(201);
            }

            var state = server.Services.GetRequiredService<StateDatabase>();
            await TestTime.UntilAsync(() => state.Fault is not null);
            _feature.Tries.ShouldBe([$"{Stream}@0"]);
            var ready = await server.Client.GetStringAsync("/readyz", TestTime.Token());
            ready.ShouldContain("state.db locked");
        }

        await TestTime.UntilAsync(() => _feature.Tries.Count >= 21);
        _feature.Tries.ShouldBe(Enumerable.Range(0, 21).Select(n => $"{Stream}@{n}"));
    }

    [Fact]
    public async Task DamagedRecord_HoldsThoseThatComeToIt_AndNotThoseThatArePastIt()
    {
        await using var server = await RunningServer.StartAsync(services => services
            .AddSingleton<IDeliveryFeature>(_feature));
        server.Errors.Expect("A record of the log cannot be read; subscriptions that come to it wait there");
        foreach (var number in (int[])[0, 1, 2, 3])
        {
            await TestEvents.AppendAsync(server, "a.event", number);
        }

        await Streaming.LogDamage.AtAsync(server, "a.event-2");
        await SubscribeAsync(server, "held", "a.event");
        await SubscribeAsync(server, "past", "b.event", start: null);
        const StringComparison Ordinal = StringComparison.Ordinal;
        await TestTime.UntilAsync(() => _feature.Tries.Count >= 2);
        await TestTime.UntilAsync(() => server.Errors.Lines.Any(static line => line.Contains("wait there", Ordinal)));
        await TestEvents.AppendAsync(server, "b.event", 0);
        await TestTime.UntilAsync(() => _feature.Tries.Count >= 3);

        _feature.Tries.ShouldBe(["a.event@0", "a.event@1", "b.event@0"]);
        var subscriptions = server.Services.GetRequiredService<Subscriptions>();
        subscriptions.Find(AnsweringFeature.FeatureName, "held")!.Cursor.Position.ShouldBe(2);
    }

    private static async Task<Subscriptions> SubscribeAsync(
        RunningServer server, string id = Id, string stream = Stream, long? start = 0)
    {
        var subscriptions = server.Services.GetRequiredService<Subscriptions>();
        var change = await subscriptions.CreateAsync(
            AnsweringFeature.FeatureName, id, Subscription.ConfigurationOwner, stream, start, countMax: 2,
            isSame: static _ => false);
        change.Outcome.ShouldBe(ChangeOutcome.Done);
        return subscriptions;
    }

    private static bool IsHeldBack(RunningServer server)
    {
        var parts = server.Services.GetRequiredService<DeliveryEngine>().Parts;
        lock (parts.Lock)
        {
            return parts.Now - parts.Pending.OldestAt > Dispatcher.UncommittedAgeMax;
        }
    }
}
