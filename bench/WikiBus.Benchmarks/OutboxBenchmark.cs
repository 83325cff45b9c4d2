using System.Data.Common;
using System.Diagnostics;
using System.Globalization;
using System.Net.Http.Headers;
using System.Text;
using WikiBus.Events.MediaWiki;
using WikiBus.Producer;
using WikiBus.TestDatabases;

namespace WikiBus.Benchmarks;

/// <summary>
/// The outbox on SQLite and on PostgreSQL. What it costs in a transaction that saves a page of 4 KB with its revision,
/// beside the same transaction without events, and with events that are only made. And the rate from the table to the
/// bus's disk, beside a loop that makes and posts the same number of events without a database.
/// </summary>
internal static class OutboxBenchmark
{
    private const int Pairs = 7;
    private const int ChangesPerRun = 1000;
    private const int EventsPerChange = 10;
    private const int PageBytes = 4096;
    private const int EventsPerPost = 900;
    private static readonly TimeSpan s_limit = TimeSpan.FromMinutes(2);
    private static long s_lastId;

    public static async Task<int> RunAsync()
    {
        foreach (var kind in Enum.GetValues<OutboxDatabaseKind>())
        {
            if (kind == OutboxDatabaseKind.PostgreSql && PostgreSqlCluster.Programs is null)
            {
                Console.WriteLine(PostgreSqlCluster.SkipReason);
                continue;
            }

            await RunAsync(kind);
        }

        return 0;
    }

    private static async Task RunAsync(OutboxDatabaseKind kind)
    {
        var data = Directory.CreateTempSubdirectory("wikibus-bench-outbox-bus-").FullName;
        try
        {
            await using var database = await OutboxDatabase.CreateAsync(kind);
            await using var bus = await ServerProcess.StartWikiBusAsync(data);
            var url = new Uri(bus.Address, "/v1/events").AbsoluteUri;
            using var writer = await StartWikiAsync(database, url, runsRelay: false);
            var (plain, making, saving) = (new List<Run>(), new List<Run>(), new List<Run>());
            var (direct, relayed) = (new List<Run>(), new List<Run>());
            for (var pair = -1; pair < Pairs; pair++)
            {
                Run[] runs =
                [
                    await MeasureAsync(database, bus, ChangesPerRun, () => ChangeAsync(writer, database, 0, false)),
                    await MeasureAsync(
                        database, bus, ChangesPerRun, () => ChangeAsync(writer, database, EventsPerChange, false)),
                    await MeasureAsync(
                        database, bus, ChangesPerRun, () => ChangeAsync(writer, database, EventsPerChange, true)),
                    await MeasureAsync(
                        database, bus, ChangesPerRun * EventsPerChange, () => PostAsync(writer, url)),
                    await RelayAsync(database, bus, url),
                ];
                if (pair >= 0)
                {
                    plain.Add(runs[0]);
                    making.Add(runs[1]);
                    saving.Add(runs[2]);
                    direct.Add(runs[3]);
                    relayed.Add(runs[4]);
                }
            }

            PrintCost(kind, plain, making, saving);
            PrintRate(kind, direct, relayed);
        }
        finally
        {
            Directory.Delete(data, recursive: true);
        }
    }

    private static async Task<IHost> StartWikiAsync(OutboxDatabase database, string url, bool runsRelay)
    {
        var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
        builder.Logging.AddSimpleConsole().SetMinimumLevel(LogLevel.Warning);
        builder.Services.AddWikiBusProducer(options =>
        {
            options.Wiki = new WikiOptions
            {
                Database = "benchwiki", ServerName = "wiki.example.org", CanonicalServer = "https://wiki.example.org",
            };
            options.Services["eventbus"] = new EventServiceOptions { Url = url };
            options.Outbox.RunsRelay = runsRelay;
        }).AddWikiBusOutbox(database.Kind, _ => database.Source);
        var host = builder.Build();
        await host.StartAsync();
        return host;
    }

    // One writer: each transaction saves a page and its revision, and makes or publishes the events of an edit.
    private static async Task ChangeAsync(IHost wiki, OutboxDatabase database, int count, bool publishes)
    {
        var text = new string('x', PageBytes);
        await using var connection = await database.Source.OpenConnectionAsync();
        for (var i = 0; i < ChangesPerRun; i++)
        {
            var id = ++s_lastId;
            await using var scope = wiki.Services.CreateAsyncScope();
            var outbox = scope.ServiceProvider.GetRequiredService<IOutbox>();
            await using var transaction = await outbox.BeginTransactionAsync(connection);
            await SaveAsync(connection, transaction.Transaction, id, text);
            var publisher = scope.ServiceProvider.GetRequiredService<IWikiEventPublisher>();
            var events = Enumerable.Range(0, count).Select(_ => NewEvent(publisher, id)).ToList();
            if (publishes)
            {
                publisher.Publish(events);
            }

            await transaction.CommitAsync();
        }
    }

    private static async Task SaveAsync(DbConnection connection, DbTransaction transaction, long id, string text)
    {
        foreach (var statement in (string[])
            ["INSERT INTO page VALUES (@id, @text)", "INSERT INTO revision VALUES (@id, @id, @text)"])
        {
            await using var command = connection.CreateCommand();
            command.Transaction = transaction;
            command.CommandText = statement;
            Add(command, "@id", id);
            Add(command, "@text", text);
            await command.ExecuteNonQueryAsync();
        }
    }

    private static void Add(DbCommand command, string name, object value)
    {
        var parameter = command.CreateParameter();
        parameter.ParameterName = name;
        parameter.Value = value;
        command.Parameters.Add(parameter);
    }

    private static MediaWikiEvent NewEvent(IWikiEventPublisher publisher, long id) => publisher.Events.RevisionCreate(
        publisher.NewContext(),
        new WikiRevision
        {
            Id = id,
            Page = new WikiPage { Id = id, Title = $"Page {id}" },
            Time = DateTimeOffset.UnixEpoch,
            Author = new WikiUser { Id = 1, Name = "Alice", Groups = ["*", "user"] },
            Sha1 = new string('a', 31),
            Size = PageBytes,
            Slots = [new RevisionSlot { Sha1 = new string('a', 31), Size = PageBytes }],
        });

    // Events like those of the outbox, in requests of about the same size, one after the other.
    private static async Task PostAsync(IHost wiki, string url)
    {
        using var client = new HttpClient();
        using var scope = wiki.Services.CreateScope();
        var publisher = scope.ServiceProvider.GetRequiredService<IWikiEventPublisher>();
        for (var left = ChangesPerRun * EventsPerChange; left > 0; left -= EventsPerPost)
        {
            var events = Enumerable.Range(0, Math.Min(left, EventsPerPost))
                .Select(_ => Encoding.UTF8.GetString(NewEvent(publisher, ++s_lastId).Json.Span));
            using var content = new StringContent($"[{string.Join(',', events)}]", Encoding.UTF8);
            content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
            using var response = await client.PostAsync(url, content);
            if ((int)response.StatusCode != 201)
            {
                throw new InvalidOperationException($"The bus answered {response.StatusCode}.");
            }
        }
    }

    // From the start of the relay until the table is empty, which it is when the bus has everything on its disk.
    private static async Task<Run> RelayAsync(OutboxDatabase database, ServerProcess bus, string url)
    {
        using var relay = await StartWikiAsync(database, url, runsRelay: true);
        return await MeasureAsync(database, bus, ChangesPerRun * EventsPerChange, async () =>
        {
            using var limit = new CancellationTokenSource(s_limit);
            var administration = relay.Services.GetRequiredService<IOutboxAdministration>();
            while ((await administration.GetLevelsAsync(limit.Token)).Any(level => level.Rows > 0))
            {
                await Task.Delay(TimeSpan.FromMilliseconds(10), limit.Token);
            }

            await relay.StopAsync(limit.Token);
        });
    }

    private static async Task<Run> MeasureAsync(
        OutboxDatabase database, ServerProcess bus, int count, Func<Task> work)
    {
        GC.Collect();
        var own = Environment.CpuUsage.TotalTime;
        var (server, busTime) = (database.ServerTime, bus.ProcessorTime);
        var start = Stopwatch.GetTimestamp();
        await work();
        var elapsed = Stopwatch.GetElapsedTime(start);
        return new Run(
            count / elapsed.TotalSeconds,
            (Environment.CpuUsage.TotalTime - own).TotalMicroseconds / count,
            (database.ServerTime - server).TotalMicroseconds / count,
            (bus.ProcessorTime - busTime).TotalMicroseconds / count);
    }

    private static void PrintCost(OutboxDatabaseKind kind, List<Run> plain, List<Run> making, List<Run> saving)
    {
        var table = new Table(
            "transaction with a page of 4 KB", "median /s", "range", "µs each", "processor: wiki", "database");
        foreach (var (name, runs) in (ReadOnlySpan<(string, List<Run>)>)
            [
                ("without events", plain), ($"{EventsPerChange} events are made", making),
                ($"{EventsPerChange} events are saved", saving),
            ])
        {
            table.Add(
                name, Rate(runs), Range(runs), Median(runs, run => 1e6 / run.PerSecond),
                Median(runs, run => run.Own),
                Median(runs, run => run.Server));
        }

        table.Print($"{kind}: {Pairs} interleaved pairs of {ChangesPerRun} transactions");
        Console.WriteLine("rate with saved events / made events, median of the pairs: " + Ratio(saving, making));
    }

    private static void PrintRate(OutboxDatabaseKind kind, List<Run> direct, List<Run> relayed)
    {
        var table = new Table(
            "events of about 1 KB", "median /s", "range", "processor: wiki, µs", "database, µs", "bus, µs");
        foreach (var (name, runs) in (ReadOnlySpan<(string, List<Run>)>)
            [("made and posted", direct), ("from the table, by the relay", relayed)])
        {
            table.Add(
                name, Rate(runs), Range(runs), Median(runs, run => run.Own),
                Median(runs, run => run.Server),
                Median(runs, run => run.Bus));
        }

        table.Print($"{kind}: {Pairs} interleaved pairs of {ChangesPerRun * EventsPerChange} events");
        Console.WriteLine("rate of the relay / of the loop, median of the pairs: " + Ratio(relayed, direct));
    }

    private static string Rate(List<Run> runs) =>
        Table.Median(runs.Select(run => run.PerSecond)).ToString("N0", CultureInfo.InvariantCulture);

    private static string Range(List<Run> runs) => string.Create(
        CultureInfo.InvariantCulture, $"{runs.Min(run => run.PerSecond):N0} to {runs.Max(run => run.PerSecond):N0}");

    private static string Ratio(List<Run> runs, List<Run> others) => string.Create(
        CultureInfo.InvariantCulture,
        $"{Table.Median(runs.Zip(others, (run, other) => run.PerSecond / other.PerSecond)):0.00}");

    private static string Median(List<Run> runs, Func<Run, double> value) =>
        Table.Median(runs.Select(value)).ToString("0.0", CultureInfo.InvariantCulture);

    private sealed record Run(double PerSecond, double Own, double Server, double Bus);
}
