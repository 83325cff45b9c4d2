using System.Globalization;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.Data.Sqlite;
using WikiBus.FunctionalTests.Infrastructure;
using WikiBus.Server.Webhooks.Signing;

namespace WikiBus.FunctionalTests.Crashes;

/// <summary>
/// Kills the real server (SIGKILL) as soon as it has acknowledged changes of subscriptions and dead letters. After the
/// next start, each of them holds.
/// </summary>
public sealed class ChangeCrashTests
{
    private const string NewUrl = "http://127.0.0.1:1/new";
    private const string Event =
        """{"$schema":"/test/event/1.0.0","meta":{"stream":"test.event","domain":"a.example.org"},"test":"x"}""";

    private static readonly string[] s_subscriptions =
        ["replayed", "dropped", "rotated", "deleted", "paused", "resumed", "replaced"];

    private volatile int _status = 500;

    [Fact]
    public async Task KilledRightAfterTheAnswers_KeepsEachChange()
    {
        using var data = new TestDirectory();
        await using var receiver = await WebhookReceiver.StartAsync((context, _) =>
        {
            context.Response.StatusCode = _status;
            return Task.CompletedTask;
        });
        await KillAfterAsync(data, client => PrepareAsync(client, receiver.Url));
        GiveUpAll(data);
        _status = 204;
        var secret = "";
        await KillAfterAsync(data, async client => secret = await ChangeAllAsync(client));
        await KillAfterAsync(data, client => CheckAsync(client));
        SigningSecret.TryParse(secret, out var signing, out _).ShouldBeTrue();
        receiver.Received.ShouldContain(request => IsSignedBy(signing!, request));
    }

    private static async Task KillAfterAsync(TestDirectory data, Func<HttpClient, Task> work)
    {
        await using var server = await ServerProcess.StartAsync(data.FullPath);
        using var client = new HttpClient { BaseAddress = server.Address, Timeout = TestTime.Limit };
        var key = (await File.ReadAllTextAsync(data.Combine("admin.key"), TestTime.Token())).Trim();
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", key);
        await work(client);
        await server.KillAsync();
    }

    private static async Task PrepareAsync(HttpClient client, string url)
    {
        foreach (var id in s_subscriptions)
        {
            var body = new JsonObject { ["id"] = id, ["url"] = url }.ToJsonString();
            await CallAsync(client, HttpMethod.Post, "/v1/subscriptions", 201, body);
        }

        await CallAsync(client, HttpMethod.Post, "/v1/events", 201, Event);
        foreach (var id in (string[])["replayed", "dropped", "rotated"])
        {
            await WaitAsync(client, id, static status => Number(status, "waiting") == 1);
        }

        // Its answer comes after the rows above are committed, too.
        await CallAsync(client, HttpMethod.Post, "/v1/subscriptions/resumed/pause", 200);
    }

    /// <summary>As if all attempts had failed.</summary>
    private static void GiveUpAll(TestDirectory data)
    {
        using var connection = new SqliteConnection($"Data Source={data.Combine("state.db")};Pooling=False");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = "UPDATE delivery_waiting SET dead_at = last_at, next_at = NULL";
        command.ExecuteNonQuery();
    }

    /// <summary>Makes all changes at once, and returns the new secret.</summary>
    private static async Task<string> ChangeAllAsync(HttpClient client)
    {
        const string Path = "/v1/subscriptions";
        var rotating = CallAsync(client, HttpMethod.Post, $"{Path}/rotated/rotate", 200);
        await Task.WhenAll(
            rotating,
            CallAsync(client, HttpMethod.Post, "/v1/dead-letters/replay?subscription=replayed", 200),
            CallAsync(client, HttpMethod.Delete, "/v1/dead-letters?subscription=dropped", 200),
            CallAsync(client, HttpMethod.Delete, $"{Path}/deleted", 200),
            CallAsync(client, HttpMethod.Post, $"{Path}/paused/pause", 200),
            CallAsync(client, HttpMethod.Post, $"{Path}/resumed/resume", 200),
            CallAsync(client, HttpMethod.Put, $"{Path}/replaced", 200, $$"""{"url":"{{NewUrl}}"}"""));
        return (await rotating).GetProperty("secret").GetString()!;
    }

    private static async Task CheckAsync(HttpClient client)
    {
        await WaitAsync(client, "replayed", static status => Number(status, "waiting") == 0);
        Number(await GetAsync(client, "replayed"), "dead").ShouldBe(0);
        Number(await GetAsync(client, "dropped"), "dead").ShouldBe(0);
        Number(await GetAsync(client, "rotated"), "dead").ShouldBe(1, "nobody changed its dead letter");
        await CallAsync(client, HttpMethod.Get, "/v1/subscriptions/deleted", 404);
        Text(await GetAsync(client, "paused"), "state").ShouldBe("paused");
        Text(await GetAsync(client, "resumed"), "state").ShouldBe("active");
        Text(await GetAsync(client, "replaced"), "url").ShouldBe(NewUrl);
        await CallAsync(client, HttpMethod.Post, "/v1/subscriptions/rotated/test", 200);
    }

    private static bool IsSignedBy(SigningSecret secret, ReceivedWebhook request)
    {
        var timestamp = long.Parse(request["webhook-timestamp"], CultureInfo.InvariantCulture);
        var signature = WebhookSignature.Sign([secret], request["webhook-id"], timestamp, request.Body);
        return request["webhook-signature"].Split(' ').Contains(signature);
    }

    private static int Number(JsonElement status, string name) => status.GetProperty(name).GetInt32();

    private static string? Text(JsonElement status, string name) => status.GetProperty(name).GetString();

    private static Task<JsonElement> GetAsync(HttpClient client, string id) =>
        CallAsync(client, HttpMethod.Get, $"/v1/subscriptions/{id}", 200);

    private static async Task WaitAsync(HttpClient client, string id, Func<JsonElement, bool> condition)
    {
        var limit = TestTime.Token();
        while (!condition(await GetAsync(client, id)))
        {
            await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System, limit);
        }
    }

    private static async Task<JsonElement> CallAsync(
        HttpClient client, HttpMethod method, string path, int status, string? body = null)
    {
        using var request = new HttpRequestMessage(method, path);
        request.Content = body is null ? null : new StringContent(body, Encoding.UTF8, "application/json");
        using var answer = await client.SendAsync(request, TestTime.Token());
        var text = await answer.Content.ReadAsStringAsync(TestTime.Token());
        ((int)answer.StatusCode).ShouldBe(status, text);
        return text.Length == 0 ? default : JsonDocument.Parse(text).RootElement.Clone();
    }
}
