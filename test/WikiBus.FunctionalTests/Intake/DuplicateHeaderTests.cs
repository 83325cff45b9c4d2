using WikiBus.FunctionalTests.Infrastructure;

namespace WikiBus.FunctionalTests.Intake;

/// <summary>The header that tells a producer how many of its events were duplicates.</summary>
public sealed class DuplicateHeaderTests
{
    private const string Header = "wikibus-duplicates";

    private const string WithId =
        """{"$schema":"/test/event/1.0.0","meta":{"stream":"test.event","id":"an-id","dt":"2026-01-01T00:00:00Z"}}""";

    [Fact]
    public async Task NewEvents_HaveNoHeader()
    {
        await using var server = await RunningServer.StartAsync();

        var answer = await IntakePost.SendAsync(server, WithId);

        answer.Status.ShouldBe(201);
        answer.Headers.Keys.ShouldNotContain(Header);
    }

    [Fact]
    public async Task EventsSentAgain_AreCountedWith201()
    {
        await using var server = await RunningServer.StartAsync();
        await IntakePost.SendAsync(server, WithId);

        var answer = await IntakePost.SendAsync(server, $"[{WithId},{IntakePost.Event},{WithId}]");

        answer.Status.ShouldBe(201);
        answer.Headers[Header].ShouldBe("2");
        answer.Headers["access-control-expose-headers"].Split(", ").ShouldContain(Header);
    }

    [Fact]
    public async Task EventsSentAgain_AreCountedWith207()
    {
        await using var server = await RunningServer.StartAsync();
        await IntakePost.SendAsync(server, WithId);

        var answer = await IntakePost.SendAsync(server, $"[{WithId},{{}}]");

        answer.Status.ShouldBe(207);
        answer.Headers[Header].ShouldBe("1");
    }
}
