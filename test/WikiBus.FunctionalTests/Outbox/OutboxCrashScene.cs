using WikiBus.FunctionalTests.Crashes;
using WikiBus.FunctionalTests.Infrastructure;
using WikiBus.Producer;

namespace WikiBus.FunctionalTests.Outbox;

/// <summary>
/// A process that writes, two that relay, the bus and the database, each of which is killed and started again.
/// </summary>
internal sealed class OutboxCrashScene : IAsyncDisposable
{
    private const int PageCount = 16;
    private const int CommitsMax = 60;

    private readonly TestDirectory _data = new();
    private readonly OutboxWikiProcess?[] _relays = new OutboxWikiProcess?[2];
    private readonly OutboxDatabase _database;
    private readonly Random _random;
    private ServerProcess _bus;
    private OutboxWikiProcess? _writer;
    private bool _isBusDown;

    private OutboxCrashScene(OutboxDatabase database, ServerProcess bus, TestDirectory data, Random random) =>
        (_database, _bus, _data, _random) = (database, bus, data, random);

    public static async Task<OutboxCrashScene> StartAsync(OutboxDatabaseKind kind, int seed)
    {
        var database = await OutboxDatabase.StartAsync(kind);
        var data = new TestDirectory();
        var scene = new OutboxCrashScene(
            database, await ServerProcess.StartAsync(data.FullPath), data, new Random(seed));
        await database.ExecuteAsync(
            """
            CREATE TABLE page (id bigint PRIMARY KEY, revision bigint NOT NULL);
            CREATE TABLE change (page bigint, revision bigint, attempt text, events int, PRIMARY KEY (page, revision));
            """);
        await database.ExecuteAsync("INSERT INTO page (id, revision) VALUES "
            + string.Join(',', Enumerable.Range(1, PageCount).Select(id => $"({id}, 0)")));
        return scene;
    }

    /// <summary>Kills everything once, in a random order, while the wiki works. Then nothing is left to send.</summary>
    /// <param name="round">The number of the round.</param>
    public async Task RunRoundAsync(int round)
    {
        if (_database.Kind == OutboxDatabaseKind.Sqlite)
        {
            await _database.ExecuteAsync($"PRAGMA journal_mode = {(round % 2 == 0 ? "WAL" : "DELETE")}");
        }

        await Task.WhenAll(StartMissingRelaysAsync(), StartWriterAsync());
        Func<Task>[] kills =
            [KillWriterAsync, () => KillRelayAsync(0), () => KillRelayAsync(1), KillBusAsync, KillDatabaseAsync];
        _random.Shuffle(kills);
        foreach (var kill in kills)
        {
            await _writer!.WaitForCommitsAsync(_random.Next(1, CommitsMax));
            await kill();
            if (_random.Next(2) == 0)
            {
                await StartMissingRelaysAsync();
            }

            if (_isBusDown && _random.Next(2) == 0)
            {
                await StartBusAsync();
            }
        }

        await StartMissingRelaysAsync();
        await StartBusAsync();
        await _writer!.WaitForCommitsAsync(_random.Next(1, CommitsMax));
        await _writer.KillAsync();
        await _database.WaitUntilSentAsync();
        await Task.WhenAll(_relays.Select(relay => relay!.TerminateAsync()));
        Array.Clear(_relays);
    }

    /// <summary>The changes that the database has.</summary>
    public Task<List<OutboxChange>> ReadChangesAsync() => _database.ListAsync(
        "SELECT page, revision, attempt, events FROM change",
        row => new OutboxChange(row.GetInt64(0), row.GetInt64(1), row.GetString(2), row.GetInt32(3)));

    /// <summary>How many events the outbox parked.</summary>
    public Task<long> CountParkedAsync() => _database.CountAsync("SELECT count(*) FROM outbox_parked");

    /// <summary>The events that the bus has.</summary>
    public Task<List<(string Stream, string Payload)>> ReadLogAsync() =>
        CrashedLog.ReadPayloadsAsync(_data.Combine("log"));

    public async ValueTask DisposeAsync()
    {
        foreach (var process in _relays.Append(_writer).OfType<OutboxWikiProcess>())
        {
            await process.DisposeAsync();
        }

        await _bus.DisposeAsync();
        await _database.DisposeAsync();
        _data.Dispose();
    }

    private async Task StartWriterAsync() =>
        _writer = await OutboxWikiProcess.StartAsync("writer", _database, _bus.Address, _random.Next());

    private async Task KillWriterAsync()
    {
        await _writer!.KillAsync();
        await StartWriterAsync();
    }

    private async Task KillRelayAsync(int number)
    {
        if (_relays[number] is { } relay)
        {
            await relay.KillAsync();
            _relays[number] = null;
        }
    }

    private Task StartMissingRelaysAsync() => Task.WhenAll(Enumerable.Range(0, _relays.Length).Select(
        async number => _relays[number] ??=
            await OutboxWikiProcess.StartAsync("relay", _database, _bus.Address, _random.Next())));

    private async Task KillBusAsync()
    {
        await _bus.KillAsync();
        _isBusDown = true;
    }

    private async Task StartBusAsync()
    {
        if (_isBusDown)
        {
            _bus = await ServerProcess.StartAgainAsync(_data.FullPath, _bus.Address);
            _isBusDown = false;
        }
    }

    // SQLite has no process of its own.
    private async Task KillDatabaseAsync()
    {
        if (_database.Cluster is { } cluster)
        {
            await cluster.KillAsync();
            await cluster.StartServerAsync();
        }
    }
}
