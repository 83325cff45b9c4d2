using System.Globalization;
using WikiBus.Producer;

namespace WikiBus.FunctionalTests.Outbox;

/// <summary>
/// Kills the processes of a wiki, its database and the bus (SIGKILL) while 8 writers change pages, and two relays send.
/// The log then has exactly the events of all committed changes, once and in the order of each page.
/// <c>WIKIBUS_OUTBOX_ROUNDS</c> sets the number of rounds, <c>WIKIBUS_OUTBOX_SEED</c> the seed. Each kind of database
/// has a class, because classes run at the same time: much of it is waiting for leads to end.
/// </summary>
/// <param name="kind">The kind of the database.</param>
public abstract class OutboxCrashTests(OutboxDatabaseKind kind)
{
    [Fact]
    public async Task KilledWiki_LosesNoEventAndSendsNoneThatIsFalse()
    {
        var rounds = FromEnvironment("WIKIBUS_OUTBOX_ROUNDS", 3);
        var seed = FromEnvironment("WIKIBUS_OUTBOX_SEED", 1);
        var output = TestContext.Current.TestOutputHelper;
        await using var scene = await OutboxCrashScene.StartAsync(kind, seed);
        for (var round = 0; round < rounds; round++)
        {
            await scene.RunRoundAsync(round);
            var changes = await scene.ReadChangesAsync();
            var log = await scene.ReadLogAsync();
            output?.WriteLine($"seed {seed}, round {round}: {changes.Count} changes, {log.Count} events");
            OutboxLedger.Check(changes, log).ShouldBeEmpty();
            changes.Count.ShouldBeGreaterThan(0);
            (await scene.CountParkedAsync()).ShouldBe(0);
        }
    }

    private static int FromEnvironment(string name, int otherwise) =>
        int.TryParse(Environment.GetEnvironmentVariable(name), CultureInfo.InvariantCulture, out var value)
            ? value
            : otherwise;
}
