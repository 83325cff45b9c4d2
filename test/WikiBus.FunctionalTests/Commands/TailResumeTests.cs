using System.Diagnostics;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using WikiBus.FunctionalTests.Infrastructure;

namespace WikiBus.FunctionalTests.Commands;

public sealed class TailResumeTests
{
    private const int Before = 20;
    private const int After = 20;

    [Fact]
    public async Task ServerKilledAndStartedAgain_LosesAndRepeatsNothing()
    {
        using var directory = new TestDirectory();
        await using var first = await ServerProcess.StartAsync(directory.Combine("data"));
        await SendAsync(first.Address, from: 0, Before);
        using var tail = Process.Start(WikiBusBinary.StartInfo(
            [
                "tail", "test.event", "--since", "2020-01-01",
                "--count", $"{Before + After}", "--url", $"{first.Address}",
            ]))!;
        try
        {
            var got = new List<int> { await ReadAsync(tail) };
            await first.KillAsync();
            await using var second = await ServerProcess.StartAgainAsync(directory.Combine("data"), first.Address);
            await SendAsync(second.Address, from: Before, After);
            while (got.Count < Before + After)
            {
                got.Add(await ReadAsync(tail));
            }

            await tail.WaitForExitAsync(TestTime.Token());

            got.ShouldBe(Enumerable.Range(0, Before + After));
            tail.ExitCode.ShouldBe(0);
            (await tail.StandardOutput.ReadToEndAsync(TestTime.Token())).ShouldBeEmpty();
        }
        finally
        {
            if (!tail.HasExited)
            {
                tail.Kill();
            }
        }
    }

    [Fact]
    public async Task ConnectionLostWithinAnEvent_ContinuesBeforeIt()
    {
        var ids = new List<string>();
        await using var server = await ScriptedServer.StartAsync(async (context, number) =>
        {
            ids.Add(context.Request.Headers["Last-Event-ID"].ToString());
            context.Response.ContentType = "text/event-stream";
            await context.Response.WriteAsync(number == 1
                ? "id: [\"before\"]\n\nevent: message\nid: [\"after\"]\ndata: {\"test\":"
                : "event: message\nid: [\"after\"]\ndata: {\"test\":1}\n\n");
            await context.Response.Body.FlushAsync();
        });

        var result = await WikiBusBinary.RunAsync(["tail", "test.event", "--count", "1", "--url", $"{server.Address}"]);

        ids.ShouldBe(["", "[\"before\"]"]);
        result.ShouldBe(new CommandResult(0, "{\"test\":1}\n", ""));
    }

    [Fact]
    public async Task ServerThatIsAwayForSeveralAttempts_IsSaidOnceToBeAwayAndOnceToBeBack()
    {
        await using var server = await ScriptedServer.StartAsync(static async (context, number) =>
        {
            context.Response.StatusCode = number is 2 or 3 ? 503 : 200;
            context.Response.ContentType = "text/event-stream";
            await context.Response.WriteAsync(number is 2 or 3
                ? "" : $$"""id: [{{number}}]{{"\n"}}data: {{number}}{{"\n\n"}}""");
        });

        var result = await WikiBusBinary.RunAsync(["tail", "test.event", "--count", "2", "--url", $"{server.Address}"]);

        result.Output.ShouldBe("1\n4\n");
        var said = result.Error.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        said.Length.ShouldBe(2, result.Error);
        said[0].ShouldContain("503");
        said[0].ShouldEndWith("; waiting for the server");
        said[1].ShouldBe($"wikibus: {server.Address} is back");
    }

    [Fact]
    public async Task NoticeWithControlCharacters_ShowsNone()
    {
        await using var server = await ScriptedServer.StartAsync(static (context, _) =>
        {
            context.Response.ContentType = "text/event-stream";
            return context.Response.WriteAsync("event: gap\ndata: a\u001b]0;x\u0007\n\nid: [1]\ndata: 1\n\n");
        });

        var result = await WikiBusBinary.RunAsync(["tail", "test.event", "--count", "1", "--url", $"{server.Address}"]);

        result.Error.ShouldBe("wikibus: gap: a\ufffd]0;x\ufffd\n");
    }

    [Fact]
    public async Task SameErrorAtEachAttempt_IsSaidOnce()
    {
        await using var server = await ScriptedServer.StartAsync(static (context, number) =>
        {
            context.Response.ContentType = "text/event-stream";
            return context.Response.WriteAsync(number < 3
                ? "event: error\ndata: {\"name\":\"DamagedRecordError\"}\n\n"
                : "id: [1]\ndata: 1\n\n");
        });

        var result = await WikiBusBinary.RunAsync(["tail", "test.event", "--count", "1", "--url", $"{server.Address}"]);

        result.Error.ShouldBe(
            "wikibus: error: {\"name\":\"DamagedRecordError\"}; trying again. If the log is damaged, stop the server "
            + "and run wikibus log check.\n");
    }

    private static async Task<int> ReadAsync(Process tail)
    {
        var line = await tail.StandardOutput.ReadLineAsync(TestTime.Token());
        using var written = JsonDocument.Parse(line.ShouldNotBeNull());
        return int.Parse(
            written.RootElement.GetProperty("test").GetString()!, System.Globalization.CultureInfo.InvariantCulture);
    }

    private static async Task SendAsync(Uri address, int from, int count)
    {
        var lines = Enumerable.Range(from, count).Select(static number =>
            $$$"""{"$schema":"/test/event/1.0.0","meta":{"stream":"test.event"},"test":"{{{number}}}"}""");
        var result = await WikiBusBinary.RunAsync(
            ["send", "-", "--url", address.ToString()], string.Join('\n', lines));
        result.ExitCode.ShouldBe(0, result.Error);
    }
}
