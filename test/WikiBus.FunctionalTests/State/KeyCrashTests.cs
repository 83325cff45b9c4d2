using System.Net.Http.Headers;
using System.Text.Json;
using WikiBus.FunctionalTests.Infrastructure;

namespace WikiBus.FunctionalTests.State;

/// <summary>Kills the real server (SIGKILL) many times while keys are created and revoked.</summary>
public sealed class KeyCrashTests
{
    private const int Rounds = 20;
    private const int ChangerCount = 4;
    private const int AcknowledgementsMax = 60;
    private const int Seed = 1;

    [Fact]
    public async Task KilledDuringKeyChanges_LosesNothingAcknowledged()
    {
        using var data = new TestDirectory();
        var random = new Random(Seed);
        KeyChanger[] changers =
            [.. Enumerable.Range(0, ChangerCount).Select(number => new KeyChanger(number, random.Next()))];
        for (var round = 0; round <= Rounds; round++)
        {
            await using var server = await ServerProcess.StartAsync(data.FullPath);
            using var client = Client(server, data);
            var ids = await ListAsync(client);
            Array.ForEach(changers, changer => changer.Check(ids));
            if (round < Rounds)
            {
                await CrashAsync(server, client, changers, random.Next(1, AcknowledgementsMax));
            }
        }
    }

    /// <summary>Kills the server as soon as it has acknowledged the number of changes.</summary>
    private static async Task CrashAsync(
        ServerProcess server, HttpClient client, KeyChanger[] changers, int acknowledgements)
    {
        var enough = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var changing = Task.WhenAll(changers.Select(changer => changer.ChangeUntilCrashAsync(client, () =>
        {
            if (Interlocked.Decrement(ref acknowledgements) == 0)
            {
                enough.TrySetResult();
            }
        })));
        await Task.WhenAny(enough.Task, changing).WaitAsync(TestTime.Limit);
        await server.KillAsync();
        await changing.WaitAsync(TestTime.Limit);
    }

    private static HttpClient Client(ServerProcess server, TestDirectory data)
    {
        var client = new HttpClient { BaseAddress = server.Address, Timeout = TestTime.Limit };
        var admin = File.ReadAllText(data.Combine("admin.key")).Trim();
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", admin);
        return client;
    }

    private static async Task<List<string>> ListAsync(HttpClient client)
    {
        using var list = JsonDocument.Parse(
            await client.GetStringAsync(new Uri("/v1/keys", UriKind.Relative), TestTime.Token()));
        var keys = list.RootElement.GetProperty("keys").EnumerateArray();
        return [.. keys.Select(key => key.GetProperty("id").GetString()!)];
    }
}
