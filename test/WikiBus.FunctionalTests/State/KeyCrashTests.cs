using System.Net.Http.Headers;
using System.Text.Json;
using WikiBus.FunctionalTests.Infrastructure;

namespace WikiBus.FunctionalTests.State;

/// <summary>Kills the real server (SIGKILL) many times while keys are created, replaced and revoked.</summary>
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
            var keys = await ListAsync(client);
            await Task.WhenAll(changers.Select(changer => changer.CheckAsync(client, keys)));
            if (round < Rounds)
            {
                await server.KillDuringAsync(random.Next(1, AcknowledgementsMax), acknowledged => Task.WhenAll(
                    changers.Select(changer => changer.ChangeUntilCrashAsync(client, acknowledged))));
            }
        }
    }

    private static HttpClient Client(ServerProcess server, TestDirectory data)
    {
        var client = new HttpClient { BaseAddress = server.Address, Timeout = TestTime.Limit };
        var admin = File.ReadAllText(data.Combine("admin.key")).Trim();
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", admin);
        return client;
    }

    /// <summary>The stream of each key.</summary>
    private static async Task<Dictionary<string, string>> ListAsync(HttpClient client)
    {
        using var list = JsonDocument.Parse(
            await client.GetStringAsync(new Uri("/v1/keys", UriKind.Relative), TestTime.Token()));
        var keys = list.RootElement.GetProperty("keys").EnumerateArray();
        return keys.ToDictionary(
            static key => key.GetProperty("id").GetString()!,
            static key => key.GetProperty("streams").EnumerateArray().Single().GetString()!);
    }
}
