using Microsoft.Data.Sqlite;
using WikiBus.FunctionalTests.Infrastructure;
using WikiBus.Server.Hosting;

namespace WikiBus.FunctionalTests.Dream;

/// <summary>Subscription sets while the state database is locked or damaged.</summary>
public sealed class SetStateTests
{
    private const string A = "http://127.0.0.1:9/a";

    [Fact]
    public async Task LockedDatabase_ChangesNothing_AndTheNextAttemptSucceeds()
    {
        await using var server = await RunningServer.StartAsync();
        server.Errors.Expect("The state cannot be written: Another program holds state.db locked");
        var key = await DreamApi.MakeKeyAsync(server);
        await DreamApi.CreateAsync(server, key, "loc1", DreamApi.Set("1", "", A));
        using (var other = Open(server))
        {
            using var held = other.BeginTransaction(deferred: false);
            var answers = await Task.WhenAll(
                DreamApi.SendAsync(server, "POST", $"?apikey={key}", DreamApi.Set("2", "", A)),
                DreamApi.SendAsync(server, "PUT", "/loc1?access-key=k", DreamApi.Set("1", "", A + "2")),
                DreamApi.SendAsync(server, "DELETE", "/loc1?access-key=k"));
            answers.ShouldAllBe(static answer => answer.Status == 503 && answer.Headers["Retry-After"] == "1");
            (await DreamApi.SendAsync(server, "GET", "/loc1?access-key=k")).Text.ShouldContain($"<uri>{A}</uri>");
        }

        DreamApi.DescribeDestinations(server).ShouldBe([$"dream:loc1:1 {A}"]);
        await DreamApi.CreateAsync(server, key, "loc2", DreamApi.Set("2", "", A));
        await DreamApi.ReplaceAsync(server, "loc1", DreamApi.Set("1", "", A + "2"));
        DreamApi.DescribeDestinations(server).ShouldBe([$"dream:loc1:1 {A}2", $"dream:loc2:1 {A}"]);
    }

    [Theory]
    [InlineData("UPDATE dream_sets SET document = '<a s3cret'", "the row 'loc1' of dream_sets is not a set")]
    [InlineData("UPDATE dream_sets SET document = '<a s3cret=\"\"/>'", "the row 'loc1' of dream_sets is not a set")]
    [InlineData("UPDATE dream_sets SET destinations = 's3cret'", "the row 'loc1' of dream_sets is not a set")]
    [InlineData("DELETE FROM dream_version", "dream_version does not hold one version")]
    public async Task DamagedRow_IsRefusedAtTheStart_WithoutWhatItHolds(string damage, string message)
    {
        await using var server = await RunningServer.StartAsync();
        var key = await DreamApi.MakeKeyAsync(server);
        await DreamApi.CreateAsync(server, key, "loc1", DreamApi.Set("1", "", A));
        await server.StopAsync();
        using (var other = Open(server))
        {
            using var command = other.CreateCommand();
            command.CommandText = damage;
            command.ExecuteNonQuery().ShouldBe(1);
        }

        var refusal = await Should.ThrowAsync<StartupException>(server.StartAgainAsync());
        refusal.Message.ShouldContain(message);
        refusal.Message.ShouldNotContain("s3cret");
    }

    private static SqliteConnection Open(RunningServer server)
    {
        var connection = new SqliteConnection(
            $"Data Source={Path.Combine(server.DataDirectory, "state.db")};Pooling=False");
        connection.Open();
        return connection;
    }
}
