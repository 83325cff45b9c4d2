// A wiki with an outbox, for tests that kill it. Arguments: ROLE DIALECT CONNECTION URL SEED.
// A "writer" changes pages until it is ended, and writes a line for each commit. A "relay" sends events.
using System.Data.Common;
using System.Globalization;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Npgsql;
using OutboxWiki;
using WikiBus.Producer;

const int WriterCount = 8;

var (isWriter, kind, seed) = (
    args[0] == "writer", Enum.Parse<OutboxDatabaseKind>(args[1]), int.Parse(args[4], CultureInfo.InvariantCulture));

// SQLite blocks the threads of writers that wait for each other.
ThreadPool.SetMinThreads(2 * WriterCount, 2 * WriterCount);
var builder = Host.CreateApplicationBuilder();
builder.Logging.ClearProviders().SetMinimumLevel(LogLevel.Warning)
    .AddConsole(console => console.LogToStandardErrorThreshold = LogLevel.Trace);
builder.Services.AddSingleton<DbDataSource>(_ => kind == OutboxDatabaseKind.PostgreSql
    ? NpgsqlDataSource.Create(args[2])
    : SqliteFactory.Instance.CreateDataSource(args[2]));
builder.Services.AddWikiBusProducer(options =>
{
    options.Wiki = new WikiOptions
    {
        Database = "testwiki", ServerName = "wiki.example.org", CanonicalServer = "https://wiki.example.org",
    };
    options.Services["eventbus"] = new EventServiceOptions { Url = args[3] };
    options.Services["jobs"] = new EventServiceOptions { Url = args[3] };
    options.Streams = new Dictionary<string, StreamOptions>
    {
        [@"/^mediawiki\.job\..+/"] = new() { Service = "jobs" }, ["/.+/"] = new() { Service = "eventbus" },
    };
    options.PurgeStream = "resource-purge";
    options.SecretKeys.Add("only-for-this-test");
    options.Outbox.RunsRelay = !isWriter;
}).AddWikiBusOutbox(kind, services => services.GetRequiredService<DbDataSource>());

using var host = builder.Build();
await host.StartAsync();
Console.WriteLine("ready");
if (isWriter)
{
    var ending = host.Services.GetRequiredService<IHostApplicationLifetime>().ApplicationStopping;
    await Task.WhenAll(Enumerable.Range(0, WriterCount).Select(
        number => Task.Run(() => new PageWriter(host.Services, new Random(seed + number)).RunAsync(ending))));
}

await host.WaitForShutdownAsync();
