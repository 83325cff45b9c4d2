using WikiBus.FunctionalTests.Infrastructure;

namespace WikiBus.FunctionalTests.Commands;

public sealed class SendRetryTests
{
    [Fact]
    public async Task Answered503_RepeatsTheSameRequestUntilItIsStored()
    {
        await using var server = await ScriptedServer.StartAsync(static (context, number) =>
        {
            context.Response.StatusCode = number < 3 ? 503 : 201;
            context.Response.Headers.RetryAfter = "1";
            return Task.CompletedTask;
        });

        var result = await SendAsync(server);

        result.ExitCode.ShouldBe(0, result.Error);
        result.Error.ShouldContain("1 event accepted, 0 refused");
        server.Requests.Count.ShouldBe(3);
        var first = server.Requests[0].Body;
        server.Requests.ShouldAllBe(request => request.Body.SequenceEqual(first));
    }

    [Fact]
    public async Task ConnectionLostAfterAnAnswer_IsTriedAgain()
    {
        await using var server = await ScriptedServer.StartAsync(static (context, number) =>
        {
            context.Response.StatusCode = number == 1 ? 503 : 201;
            if (number == 2)
            {
                context.Abort();
            }

            return Task.CompletedTask;
        });

        var result = await SendAsync(server);

        result.ExitCode.ShouldBe(0, result.Error);
        server.Requests.Count.ShouldBe(3);
    }

    [Fact]
    public async Task ConnectedButNotAnswered_DoesNotAskWhetherTheServerRuns()
    {
        await using var server = await ScriptedServer.StartAsync(static (context, _) =>
        {
            context.Abort();
            return Task.CompletedTask;
        });

        var result = await SendAsync(server);

        result.ExitCode.ShouldBe(1);
        result.Error.ShouldContain("No answer from");
        result.Error.ShouldNotContain("wikibus serve");
    }

    [Fact]
    public async Task RefusedByItsKey_ExitsWithOneAndAsksForTheKey()
    {
        await using var server = await ScriptedServer.StartAsync(static (context, _) =>
        {
            context.Response.StatusCode = 401;
            return Task.CompletedTask;
        });

        var result = await SendAsync(server);

        result.ExitCode.ShouldBe(1);
        result.Error.ShouldContain("--key");
        result.Error.ShouldNotContain("wikibus serve");
        server.Requests.Count.ShouldBe(1);
    }

    private static Task<CommandResult> SendAsync(ScriptedServer server) =>
        WikiBusBinary.RunAsync(
            ["send", "-", "--url", server.Address.ToString()],
            """{"$schema":"/test/event/1.0.0","meta":{"stream":"test.event","id":"x"},"test":"x"}""");
}
