using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;
using WikiBus.FunctionalTests.Infrastructure;

namespace WikiBus.FunctionalTests.Webhooks;

/// <summary>The clock of a server, which moves only when the test says so.</summary>
internal sealed class MovedClock
{
    private readonly FakeTimeProvider _time = new(TimeProvider.System.GetUtcNow());

    public DateTimeOffset Now => _time.GetUtcNow();

    public Task<RunningServer> StartServerAsync(params (string Key, string Value)[] options) =>
        StartServerAsync(static _ => { }, options);

    /// <param name="seams">Replaces other services at the seams.</param>
    /// <param name="options">Options as in the configuration.</param>
    public Task<RunningServer> StartServerAsync(
        Action<IServiceCollection> seams, params (string Key, string Value)[] options) => RunningServer.StartAsync(
            services =>
            {
                services.AddSingleton<TimeProvider>(_time);
                seams(services);
            },
            options);

    public void Advance(TimeSpan time) => _time.Advance(time);

    /// <summary>Moves on by steps until the condition is true.</summary>
    public async Task UntilAsync(TimeSpan step, Func<Task<bool>> condition)
    {
        var limit = TestTime.Token();
        while (!await condition())
        {
            _time.Advance(step);
            await Task.Delay(TimeSpan.FromMilliseconds(10), TimeProvider.System, limit);
        }
    }

    /// <summary>Moves on until the subscription is as wanted.</summary>
    public Task UntilAsync(TimeSpan step, RunningServer server, string id, Func<JsonElement, bool> condition) =>
        UntilAsync(step, async () => condition(await SubscriptionApi.GetAsync(server, id)));

    /// <summary>Stops a server. The clock moves on, since the last outcomes are gathered for a while.</summary>
    public async Task DisposeAsync(RunningServer server)
    {
        var stopping = server.DisposeAsync().AsTask();
        await UntilAsync(TimeSpan.FromMilliseconds(20), () => Task.FromResult(stopping.IsCompleted));
        await stopping;
    }
}
