using System.Text.Json;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.DependencyInjection;
using WikiBus.FunctionalTests.Access;
using WikiBus.FunctionalTests.Infrastructure;
using WikiBus.FunctionalTests.Intake;
using WikiBus.Server.Hosting;
using WikiBus.Storage;

namespace WikiBus.FunctionalTests.State;

/// <summary>The state database is damaged, locked by another program, or on a nearly full disk.</summary>
public sealed class StateTroubleTests
{
    private const string KeyBody = """{"id":"wiki","roles":["read"]}""";
    private const string Event =
        """{"$schema":"/test/event/1.0.0","meta":{"stream":"test.event","domain":"a.example.org"},"test":"x"}""";

    [Fact]
    public async Task NearlyFullDisk_RefusesEvents_AndKeysCanBeRevoked()
    {
        var disk = new TroubledDisk();
        await using var server = await RunningServer.StartAsync(
            services => services.AddSingleton<IFileSystem>(disk));
        server.Errors.Expect("Disk space is low");
        var key = await KeyApi.CreateAsync(server, KeyBody);
        disk.IsFull = true;
        await IntakePost.SendAsync(server, Event);
        var limit = TestTime.Token();
        while ((await IntakePost.SendAsync(server, Event)).Status != 503)
        {
            limit.ThrowIfCancellationRequested();
        }

        (await KeyApi.StatusAsync(server, HttpMethod.Delete, "/v1/keys/wiki", KeyApi.AdminKey(server))).ShouldBe(204);
        (await KeyApi.StatusAsync(server, HttpMethod.Get, "/v1/keys", key)).ShouldBe(401);
    }

    [Fact]
    public async Task LockedDatabase_IsReported_AndEventsAreStored()
    {
        await using var server = await RunningServer.StartAsync();
        server.Errors.Expect("The state cannot be written: Another program holds state.db locked");
        var admin = KeyApi.AdminKey(server);
        using (var other = new SqliteConnection($"Data Source={StatePath(server)};Pooling=False"))
        {
            other.Open();
            using var held = other.BeginTransaction(deferred: false);
            (await KeyApi.StatusAsync(server, HttpMethod.Post, "/v1/keys", admin, KeyBody)).ShouldBe(503);
            (await DegradedAsync(server)).ShouldHaveSingleItem().ShouldContain("state.db locked");
            (await MetricsAsync(server)).ShouldContain("\nwikibus_state_writable 0\n");
            (await IntakePost.SendAsync(server, Event)).Status.ShouldBe(201);
        }

        (await KeyApi.StatusAsync(server, HttpMethod.Post, "/v1/keys", admin, KeyBody)).ShouldBe(201);
        (await DegradedAsync(server)).ShouldBeEmpty();
        (await MetricsAsync(server)).ShouldContain("\nwikibus_state_writable 1\n");
    }

    [Fact]
    public async Task DamagedDatabase_IsRefused_AndFoundByLogCheck()
    {
        await using var server = await RunningServer.StartAsync();
        await KeyApi.CreateAsync(server, KeyBody);
        await server.StopAsync();
        var check = await WikiBusBinary.RunAsync(["log", "check", "--data", server.DataDirectory]);
        check.ExitCode.ShouldBe(ExitCodes.Done);

        await File.WriteAllTextAsync(StatePath(server), new string('x', 4096), TestTime.Token());
        check = await WikiBusBinary.RunAsync(["log", "check", "--data", server.DataDirectory]);
        check.ExitCode.ShouldBe(ExitCodes.Failed);
        JsonDocument.Parse(check.Output).RootElement.GetProperty("file").GetString().ShouldBe(StatePath(server));
        check.Error.ShouldContain("move state.db* away");
        var refusal = await Should.ThrowAsync<StartupException>(server.StartAgainAsync());
        refusal.ExitCode.ShouldBe(ExitCodes.Failed);
        refusal.Message.ShouldContain("state.db is damaged");
        refusal.Message.ShouldContain("move state.db* away");

        File.Delete(StatePath(server));
        await server.StartAgainAsync();
        (await KeyApi.StatusAsync(server, HttpMethod.Post, "/v1/keys", KeyApi.AdminKey(server), KeyBody)).ShouldBe(201);
    }

    [Theory]
    [InlineData("DROP TABLE migrations", "its tables are missing")]
    [InlineData("DROP TABLE access_keys", "no such table: access_keys")]
    [InlineData("DELETE FROM access_salt", "access_salt does not hold one salt")]
    [InlineData("INSERT INTO access_keys VALUES ('wiki', '{}')", "the row 'wiki' of access_keys is not a key")]
    [InlineData("INSERT INTO migrations VALUES ('other', 1)", "was written by a newer version")]
    [InlineData("UPDATE migrations SET version = 3000000000", "was written by a newer version")]
    [InlineData("UPDATE migrations SET version = 'junk'", "the row 'access' of migrations has no version")]
    [InlineData("UPDATE migrations SET version = -1", "the row 'access' of migrations has no version")]
    public async Task DatabaseThatTheStartRefuses_IsFoundByLogCheck(string sql, string fault)
    {
        await using var server = await RunningServer.StartAsync();
        await server.StopAsync();
        using (var other = new SqliteConnection($"Data Source={StatePath(server)};Pooling=False"))
        {
            other.Open();
            using var command = other.CreateCommand();
            command.CommandText = sql;
            command.ExecuteNonQuery();
        }

        var before = await File.ReadAllBytesAsync(StatePath(server), TestTime.Token());
        await ShouldFindAsync(server, fault);
        (await File.ReadAllBytesAsync(StatePath(server), TestTime.Token())).ShouldBe(before);
    }

    [Fact]
    public async Task FolderInThePlaceOfTheDatabase_IsFoundByLogCheck()
    {
        await using var server = await RunningServer.StartAsync();
        await server.StopAsync();
        File.Delete(StatePath(server));
        Directory.CreateDirectory(StatePath(server));
        await ShouldFindAsync(server, "it is a folder");
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task LogOfAMissingDatabase_IsFoundByLogCheck(bool isEmpty)
    {
        await using var server = await RunningServer.StartAsync();
        await server.StopAsync();
        File.Move(StatePath(server), StatePath(server) + "-wal");
        if (isEmpty)
        {
            // As kill -9 leaves it.
            await File.WriteAllBytesAsync(StatePath(server) + "-wal", [], TestTime.Token());
        }

        await ShouldFindAsync(server, "state.db is missing, but state.db-wal is there");
    }

    [Fact]
    public async Task DeletedDatabase_IsReported()
    {
        await using var server = await RunningServer.StartAsync();
        (await DegradedAsync(server)).ShouldBeEmpty();
        File.Move(StatePath(server), StatePath(server) + ".old");
        (await DegradedAsync(server)).ShouldHaveSingleItem().ShouldContain("state.db was deleted or replaced");
        (await MetricsAsync(server)).ShouldContain("\nwikibus_state_writable 0\n");
    }

    [Fact]
    public async Task StateOfAnEarlierVersion_IsRefused()
    {
        await using var server = await RunningServer.StartAsync();
        await server.StopAsync();
        Directory.CreateDirectory(Path.Combine(server.DataDirectory, "state"));
        (await Should.ThrowAsync<StartupException>(server.StartAgainAsync()))
            .Message.ShouldContain("holds the keys of an earlier version");
    }

    /// <summary>The check says what the start says.</summary>
    private static async Task ShouldFindAsync(RunningServer server, string fault)
    {
        var check = await WikiBusBinary.RunAsync(["log", "check", "--data", server.DataDirectory]);
        check.ExitCode.ShouldBe(ExitCodes.Failed);
        check.Error.ShouldContain(fault);
        var refusal = await Should.ThrowAsync<StartupException>(server.StartAgainAsync());
        refusal.Message.ShouldEndWith(check.Error.Split("wikibus: ")[^1].TrimEnd());
    }

    private static string StatePath(RunningServer server) => Path.Combine(server.DataDirectory, "state.db");

    private static async Task<List<string>> DegradedAsync(RunningServer server)
    {
        using var response = await server.Client.GetAsync(new Uri("/readyz", UriKind.Relative), TestTime.Token());
        ((int)response.StatusCode).ShouldBe(200);
        var degraded = (await KeyApi.ReadAsync(response)).GetProperty("degraded");
        return [.. degraded.EnumerateArray().Select(reason => reason.GetString()!)];
    }

    private static Task<string> MetricsAsync(RunningServer server) =>
        server.Client.GetStringAsync(new Uri("/metrics", UriKind.Relative), TestTime.Token());
}
