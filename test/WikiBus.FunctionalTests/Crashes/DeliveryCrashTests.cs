using System.Globalization;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.Data.Sqlite;
using WikiBus.FunctionalTests.Infrastructure;

namespace WikiBus.FunctionalTests.Crashes;

/// <summary>
/// Kills the real server (SIGKILL) while it delivers to good and bad recipients, and while subscriptions are paused,
/// resumed and replaced. In the end every acknowledged record has arrived at every recipient, in the order of its key.
/// Only records whose outcome was not committed come again. <c>WIKIBUS_DELIVERY_ROUNDS</c> and
/// <c>WIKIBUS_CRASH_SEED</c> set rounds and seed.
/// </summary>
public sealed class DeliveryCrashTests
{
    private const int KeyCount = 40;
    private const string Timeout = "300 ms";

    // The time in which an outcome is committed is far below; a busy machine may need more.
    private static readonly TimeSpan s_uncommittedMax = TimeSpan.FromSeconds(3);

    private readonly List<string> _acknowledged = [];
    private readonly List<long> _kills = [];
    private int _made;

    [Fact]
    public async Task KilledWhileItDelivers_LosesNothing_KeepsTheOrder_AndRepeatsOnlyWhatWasNotCommitted()
    {
        var rounds = FromEnvironment("WIKIBUS_DELIVERY_ROUNDS", 3);
        var seed = FromEnvironment("WIKIBUS_CRASH_SEED", 1);
        TestContext.Current.TestOutputHelper?.WriteLine($"{rounds} rounds, seed {seed}");
        using var data = new TestDirectory();
        var random = new Random(seed);
        await using var receiver = await CrashReceiver.StartAsync(new Random(seed + 1));
        for (var round = 0; round < rounds; round++)
        {
            await using var server = await StartAsync(data);
            using var client = ClientOf(server, data);
            if (round == 0)
            {
                await SubscribeAsync(client, receiver);
            }

            await CauseTroubleAsync(server, client, receiver, random);
            await server.KillAsync();
            _kills.Add(TimeProvider.System.GetTimestamp());
        }

        receiver.IsBad = false;
        await using (var server = await StartAsync(data))
        {
            using var client = ClientOf(server, data);
            await DrainAsync(client);
        }

        Check(receiver.Arrivals, ReadLost(data));
    }

    /// <summary>Retention removes records while subscriptions are behind.</summary>
    private static Task<ServerProcess> StartAsync(TestDirectory data) => ServerProcess.StartAsync(
        ["--data", data.FullPath, "--listen", "http://127.0.0.1:0"],
        new Dictionary<string, string>
        {
            ["WIKIBUS_Log__SegmentBytesMax"] = "1048576",
            ["WIKIBUS_Log__RetentionBytesMax"] = "4194304",
        });

    private static HttpClient ClientOf(ServerProcess server, TestDirectory data)
    {
        var client = new HttpClient { BaseAddress = server.Address, Timeout = TestTime.Limit };
        var key = File.ReadAllText(data.Combine("admin.key")).Trim();
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", key);
        return client;
    }

    private static async Task SubscribeAsync(HttpClient client, CrashReceiver receiver)
    {
        foreach (var behaviour in CrashReceiver.Behaviours)
        {
            (await PostAsync(client, "/v1/subscriptions", Definition(receiver, behaviour, 8).ToJsonString()))
                .ShouldBe(201);
        }
    }

    private static JsonObject Definition(CrashReceiver receiver, string behaviour, int concurrency) => new()
    {
        ["id"] = behaviour,
        ["url"] = receiver.UrlOf(behaviour),
        ["streams"] = new JsonArray("test.event"),
        ["timeout"] = Timeout,
        ["concurrency"] = concurrency,
    };

    /// <summary>Publishes, and changes subscriptions meanwhile.</summary>
    private async Task CauseTroubleAsync(
        ServerProcess server, HttpClient client, CrashReceiver receiver, Random random)
    {
        var end = TimeProvider.System.GetTimestamp();
        var duration = TimeSpan.FromMilliseconds(random.Next(1_500, 3_000));
        while (TimeProvider.System.GetElapsedTime(end) < duration)
        {
            await PublishAsync(client, random.Next(1, 40), random);
            var behaviour = CrashReceiver.Behaviours[random.Next(CrashReceiver.Behaviours.Length)];
            var path = $"/v1/subscriptions/{behaviour}";
            switch (random.Next(8))
            {
                case 0:
                    (await PostAsync(client, $"{path}/pause", "")).ShouldBe(200);
                    break;
                case 1 or 2 or 3:
                    (await PostAsync(client, $"{path}/resume", "")).ShouldBe(200);
                    break;
                case 4:
                    var body = Definition(receiver, behaviour, random.Next(1, 10)).ToJsonString();
                    using (var content = new StringContent(body, Encoding.UTF8, "application/json"))
                    using (var answer = await client.PutAsync(path, content, TestTime.Token()))
                    {
                        ((int)answer.StatusCode).ShouldBe(200, server.Error);
                    }

                    break;
            }
        }
    }

    private async Task PublishAsync(HttpClient client, int count, Random random)
    {
        var events = new JsonArray();
        var ids = new List<string>();
        for (var index = 0; index < count; index++)
        {
            var key = random.Next(KeyCount);
            ids.Add($"{key}-{_made++}");
            events.Add(new JsonObject
            {
                ["$schema"] = "/test/event/1.0.0",
                ["meta"] = new JsonObject { ["stream"] = "test.event", ["id"] = ids[^1], ["domain"] = "a.example.org" },
                ["test"] = new string('x', random.Next(2_000)),
                ["database"] = "w",
                ["page_id"] = key,
            });
        }

        (await PostAsync(client, "/v1/events", events.ToJsonString())).ShouldBe(201);
        _acknowledged.AddRange(ids);
    }

    private static async Task DrainAsync(HttpClient client)
    {
        var limit = TestTime.Token();
        foreach (var behaviour in CrashReceiver.Behaviours)
        {
            (await PostAsync(client, $"/v1/subscriptions/{behaviour}/resume", "")).ShouldBe(200);
            while (true)
            {
                using var answer = JsonDocument.Parse(
                    await client.GetStringAsync($"/v1/subscriptions/{behaviour}", limit));
                var status = answer.RootElement;
                if (status.GetProperty("lag").GetInt64() == 0 && status.GetProperty("waiting").GetInt32() == 0)
                {
                    break;
                }

                await Task.Delay(TimeSpan.FromMilliseconds(50), TimeProvider.System, limit);
            }
        }
    }

    /// <summary>The ranges that subscriptions list as lost.</summary>
    private static List<(string Id, long From, long End)> ReadLost(TestDirectory data)
    {
        using var connection = new SqliteConnection($"Data Source={data.Combine("state.db")};Mode=ReadOnly");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText =
            "SELECT id, from_position, end_position FROM delivery_ranges JOIN delivery_subscriptions s "
            + "ON s.number = subscription WHERE reason = 'retention'";
        using var rows = command.ExecuteReader();
        var lost = new List<(string Id, long From, long End)>();
        while (rows.Read())
        {
            lost.Add((rows.GetString(0), rows.GetInt64(1), rows.GetInt64(2)));
        }

        return lost;
    }

    private void Check(IReadOnlyList<CrashArrival> arrivals, List<(string Id, long From, long End)> lost)
    {
        arrivals.Select(static one => one.Status).Distinct().Order().ShouldBe([0, 200, 410, 500]);
        var positions = arrivals.DistinctBy(static one => one.EventId)
            .ToDictionary(static one => one.EventId, static one => one.Position);
        TestContext.Current.TestOutputHelper?.WriteLine(
            $"{_acknowledged.Count} records, {arrivals.Count} requests, {lost.Count} lost ranges");
        foreach (var ofRecipient in arrivals.GroupBy(static one => one.Path))
        {
            var taken = ofRecipient.Where(static one => one.Status == 200).ToList();
            taken.Select(static one => one.EventId).Distinct().Order(StringComparer.Ordinal)
                .ShouldBe(
                    _acknowledged.Where(id => !IsLost(ofRecipient.Key, id)).Order(StringComparer.Ordinal),
                    ofRecipient.Key);
            foreach (var ofRecord in ofRecipient.GroupBy(static one => one.EventId))
            {
                ofRecord.Select(static one => one.WebhookId).Distinct().Count().ShouldBe(1, "one delivery, one id");
                CheckRepeats([.. ofRecord.Where(static one => one.Status == 200)]);
            }

            foreach (var ofKey in taken.DistinctBy(static one => one.EventId).GroupBy(static one => one.Key))
            {
                var ofOneKey = ofKey.Select(static one => one.Position).ToList();
                ofOneKey.ShouldBe(ofOneKey.Order().ToList(), $"{ofRecipient.Key}, key {ofKey.Key}");
            }
        }

        bool IsLost(string recipient, string id) => lost.Exists(range =>
            range.Id == recipient && positions[id] >= range.From && positions[id] < range.End
            && !arrivals.Any(one => one.Path == recipient && one.EventId == id && one.Status == 200));
    }

    /// <summary>A record that was taken comes again only if the server was killed shortly after.</summary>
    private void CheckRepeats(IReadOnlyList<CrashArrival> taken)
    {
        for (var index = 1; index < taken.Count; index++)
        {
            var (first, again) = (taken[index - 1].At, taken[index].At);
            _kills.ShouldContain(
                kill => kill > first && kill < again
                    && TimeProvider.System.GetElapsedTime(first, kill) < s_uncommittedMax,
                $"{taken[index]} came twice without a crash between");
        }
    }

    private static async Task<int> PostAsync(HttpClient client, string path, string body)
    {
        using var content = new StringContent(body, Encoding.UTF8, "application/json");
        using var answer = await client.PostAsync(path, content, TestTime.Token());
        return (int)answer.StatusCode;
    }

    private static int FromEnvironment(string name, int otherwise) =>
        int.TryParse(Environment.GetEnvironmentVariable(name), CultureInfo.InvariantCulture, out var value)
            ? value
            : otherwise;
}
