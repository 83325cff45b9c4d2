using Microsoft.Extensions.DependencyInjection;
using WikiBus.FunctionalTests.Infrastructure;

namespace WikiBus.FunctionalTests.Streaming;

/// <summary>The clock was wrong for a moment, in which an event was appended.</summary>
public sealed class ClockJumpTests
{
    [Theory]
    [InlineData(32)]
    [InlineData(-32)]
    public async Task EventWithAWrongTime_HidesNoneOfTheOthersBeforeUntil(int days)
    {
        var clock = new JumpingClock();
        await using var server = await StartAsync(clock);
        await TestEvents.AppendAsync(server, "a.event", 0);
        clock.Error = TimeSpan.FromDays(days);
        await TestEvents.AppendAsync(server, "a.event", 1);
        clock.Error = TimeSpan.Zero;
        await TestEvents.AppendAsync(server, "a.event", 2);
        var until = clock.GetUtcNow().AddMilliseconds(1).ToUnixTimeMilliseconds();
        await using var stream = await RawStream.OpenAsync(server.Address, $"/v2/stream/a.event?since=0&until={until}");
        (await NumberAsync(stream)).ShouldBe(0);
        if (days < 0)
        {
            (await NumberAsync(stream)).ShouldBe(1);
        }

        (await NumberAsync(stream)).ShouldBe(2);
        var id = (await stream.ReadBlockAsync()).Id!;
        (await stream.ReadToEndAsync()).ShouldBeEmpty();

        await using var over = await RawStream.GetAsync(
            server.Address, $"/v2/stream/a.event?until={until}", $"Last-Event-ID: {id}");
        over.Status.ShouldBe(204);
    }

    [Fact]
    public async Task ClockThatJumpsAhead_EndsNoStreamThatHasAnEnd()
    {
        var clock = new JumpingClock();
        await using var server = await StartAsync(clock);
        await TestEvents.AppendAsync(server, "a.event", 0);
        var until = clock.GetUtcNow().AddDays(1).ToUnixTimeMilliseconds();
        var target = $"/v2/stream/a.event?since=0&until={until}";
        await using var stream = await RawStream.OpenAsync(server.Address, target);
        (await NumberAsync(stream)).ShouldBe(0);
        clock.Error = TimeSpan.FromDays(32);
        await TestEvents.AppendAsync(server, "a.event", 1);
        await using (var second = await RawStream.OpenAsync(server.Address, target))
        {
            (await NumberAsync(second)).ShouldBe(0);
        }

        clock.Error = TimeSpan.Zero;
        await TestEvents.AppendAsync(server, "a.event", 2);
        (await NumberAsync(stream)).ShouldBe(2);
    }

    private static Task<RunningServer> StartAsync(JumpingClock clock) =>
        RunningServer.StartAsync(services => services.AddSingleton<TimeProvider>(clock));

    private static async Task<int> NumberAsync(RawStream stream) =>
        (await stream.ReadEventAsync()).Json.GetProperty("n").GetInt32();
}
