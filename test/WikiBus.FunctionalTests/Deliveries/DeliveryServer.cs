using System.Text;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using WikiBus.FunctionalTests.Access;
using WikiBus.FunctionalTests.Infrastructure;
using WikiBus.Server.Deliveries;
using WikiBus.Server.Deliveries.Lanes;
using WikiBus.Server.Deliveries.Sending;
using WikiBus.Server.Deliveries.Tables;
using WikiBus.Server.State;
using WikiBus.Storage;

namespace WikiBus.FunctionalTests.Deliveries;

/// <summary>A server with a feature that answers what a test says, and calls of the routes about deliveries.</summary>
internal sealed class DeliveryServer : IAsyncDisposable
{
    private RunningServer? _server;

    public AnsweringFeature Feature { get; } = new();

    public RunningServer Server => _server ?? throw new InvalidOperationException("The server is not started.");

    private Subscriptions Subscriptions => Server.Services.GetRequiredService<Subscriptions>();

    public static async Task<DeliveryServer> StartAsync()
    {
        var made = new DeliveryServer();
        made._server = await RunningServer.StartAsync(
            services => services.AddSingleton<IDeliveryFeature>(made.Feature));
        return made;
    }

    /// <summary>Makes a key that may have subscriptions, and returns its secret.</summary>
    public Task<string> CreateKeyAsync(string id) => KeyApi.CreateAsync(
        Server, $$"""{"id": "{{id}}", "roles": ["subscribe", "read"]}""");

    public async Task SubscribeAsync(string id, string owner, string stream = "a")
    {
        var change = await Subscriptions.CreateAsync(
            AnsweringFeature.FeatureName, id, owner, stream, start: 0, countMax: 100, static _ => false);
        change.Outcome.ShouldBe(ChangeOutcome.Done);
    }

    public async Task AppendAsync(string stream, params byte[][] payloads)
    {
        var log = Server.Services.GetRequiredService<EventLog>();
        var result = await log.Append(
        [
            .. payloads.Select(payload => new RecordDraft
            {
                Stream = stream,
                ContentType = "application/json"u8.ToArray(),
                Id = Encoding.UTF8.GetBytes($"id-{payload.Length}"),
                Payload = payload,
            }),
        ]).Completion.WaitAsync(TestTime.Limit);
        result.Status.ShouldBe(AppendStatus.Stored, result.Reason);
    }

    /// <summary>Waits until a subscription has settled everything.</summary>
    public async Task SettleAsync(string id, Func<SubscriptionStatus, bool>? condition = null)
    {
        var token = TestTime.Token();
        while (!(Subscriptions.Find(AnsweringFeature.FeatureName, id) is { Lag: 0 } status
            && condition?.Invoke(status) != false))
        {
            await Task.Delay(TimeSpan.FromMilliseconds(5), TimeProvider.System, token);
        }
    }

    /// <summary>Appends records whose deliveries fail, and gives them up as if all attempts had failed.</summary>
    public async Task DieAsync(string id, string stream, params byte[][] payloads)
    {
        Feature.Answer = new DeliveryResult(Verdict.Failed, 500, "The recipient answered 500.");
        await AppendAsync(stream, payloads);
        await SettleAsync(id, static status => status.Waiting > 0);
        var committer = Server.Services.GetRequiredService<Committer>();
        var state = Server.Services.GetRequiredService<StateDatabase>();
        await committer.InTurnAsync(async () =>
        {
            await state.ChangeAsync(static connection => connection.Execute(
                "UPDATE delivery_waiting SET dead_at = last_at, next_at = NULL"));
            return true;
        });
        await Server.RestartAsync();
    }

    public async Task<(int Status, JsonElement Body)> SendAsync(HttpMethod method, string path, string? key = null)
    {
        using var response = await KeyApi.SendAsync(Server, method, path, key ?? KeyApi.AdminKey(Server));
        return ((int)response.StatusCode, await KeyApi.ReadAsync(response));
    }

    public async Task<JsonElement> GetAsync(string path, string? key = null)
    {
        var (status, body) = await SendAsync(HttpMethod.Get, path, key);
        status.ShouldBe(200);
        return body;
    }

    public async ValueTask DisposeAsync()
    {
        if (_server is not null)
        {
            await _server.DisposeAsync();
        }
    }
}
