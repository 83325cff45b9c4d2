using System.Text;
using Microsoft.Extensions.DependencyInjection;
using WikiBus.FunctionalTests.Infrastructure;
using WikiBus.Server.Intake.Settings;

namespace WikiBus.FunctionalTests.Intake;

/// <summary>The limits of intake, and the answers when they are reached.</summary>
public sealed class IntakeLimitTests
{
    private const string Head = "POST /v1/events HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n";

    [Fact]
    public async Task TooManyEvents_AreAnswered413()
    {
        await using var server = await RunningServer.StartAsync(("Intake:EventCountMax", "2"));
        var answer = await IntakePost.SendAsync(server, $"[{IntakePost.Event},{IntakePost.Event},{IntakePost.Event}]");
        answer.Status.ShouldBe(413);
        SafeBody.Fault(answer.Body).ShouldBeNull();
        StoredRecords.Read(server).ShouldBeEmpty();
    }

    [Fact]
    public async Task EventThatIsTooLarge_IsAnErrorOfThatEvent()
    {
        await using var server = await RunningServer.StartAsync(("Intake:EventBytesMax", "1024"));
        var large = IntakePost.Event.Replace("hello", new string('x', 2000), StringComparison.Ordinal);
        var answer = await IntakePost.SendAsync(server, $"[{large},{IntakePost.Event}]");
        answer.Reason.ShouldBe("1 out of 2 events were accepted, but 1 failed (0 invalid and 1 errored).");
        StoredRecords.Read(server).Count.ShouldBe(1);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task MoreNewStreamsThanThereIsRoomFor_AreErrorsOfTheirEvents(bool isConfigured)
    {
        using var directory = new TestDirectory();
        var source = directory.Combine("streams.yaml");
        await File.WriteAllTextAsync(source, "/^test\\./:\n  schema_title: test/event\n", TestTime.Token());
        await using var server = await RunningServer.StartAsync(
            ("Streams:CountMax", "2"), ("Streams:Source", isConfigured ? source : ""));
        await IntakePost.SendAsync(server, IntakePost.Event);
        var (first, second) = (EventOf("test.first"), EventOf("test.second"));
        var invalid = second.Replace("\"hello\"", "7", StringComparison.Ordinal);

        var answer = await IntakePost.SendAsync(
            server, $"[{invalid},{first},{second},{IntakePost.Event},{second},{first}]");

        answer.Status.ShouldBe(207);
        SafeBody.Fault(answer.Body).ShouldBeNull();
        Encoding.UTF8.GetString(answer.Body).ShouldContain("there are 2 streams already.");
        StoredRecords.Read(server).Select(static record => record.Stream)
            .ShouldBe(["test.event", "test.first", "test.event", "test.first"]);
    }

    [Fact]
    public async Task BodyThatDoesNotArrive_IsAnswered503AtTheDeadline()
    {
        await using var server = await RunningServer.StartAsync(("Intake:Deadline", "300 ms"));
        using var http = await RawHttp.ConnectAsync(server.Address);
        await http.WriteAsync(
            Encoding.ASCII.GetBytes(Head + "Content-Length: 10\r\n\r\n[{"));
        var answer = await http.ReadResponseAsync();
        answer.Status.ShouldBe(503);
        answer.Headers["Retry-After"].ShouldBe("1");
        SafeBody.Fault(answer.Body).ShouldBeNull();
    }

    [Theory]
    [InlineData("gzip", "Content-Length: 100")]
    [InlineData("gzip", "Transfer-Encoding: chunked")]
    [InlineData("deflate", "Content-Length: 100")]
    [InlineData("br", "Content-Length: 100")]
    public async Task CompressedBodyThatStalls_IsAnswered503_WithoutAnError(string encoding, string length)
    {
        await using var server = await RunningServer.StartAsync(("Intake:Deadline", "300 ms"));
        using var http = await RawHttp.ConnectAsync(server.Address);
        await http.WriteAsync(Encoding.ASCII.GetBytes($"{Head}Content-Encoding: {encoding}\r\n{length}\r\n\r\n"));

        var answer = await http.ReadResponseAsync();

        answer.Status.ShouldBe(503);
        SafeBody.Fault(answer.Body).ShouldBeNull();
        (await http.ReadToEndAsync()).ShouldBeEmpty();
        server.Errors.Lines.Where(static line => !line.StartsWith("Information", StringComparison.Ordinal))
            .ShouldBeEmpty();
    }

    [Fact]
    public async Task TooManyBytesInFlight_AreAnswered503_UntilTheyAreGone()
    {
        await using var server = await RunningServer.StartAsync(
            ("Intake:BodyBytesMax", "65536"), ("Intake:BytesInFlightMax", "65536"), ("Intake:Deadline", "30 s"));
        var large = IntakePost.Event.Replace("hello", new string('x', 60_000), StringComparison.Ordinal);
        using (var holder = await RawHttp.ConnectAsync(server.Address))
        {
            await holder.WriteAsync(Encoding.ASCII.GetBytes(
                $"{Head}Content-Length: {large.Length}\r\n\r\n["));
            // Otherwise a post might come first, and the holder itself would be refused.
            var inFlight = server.Services.GetRequiredService<BytesInFlight>();
            for (var limit = TestTime.Token(); inFlight.Bytes < large.Length; limit.ThrowIfCancellationRequested())
            {
                await Task.Yield();
            }

            var refused = await UntilAsync(server, large, status: 503);
            SafeBody.Fault(refused.Body).ShouldBeNull();
        }

        await UntilAsync(server, large, status: 201);
    }

    [Fact]
    public async Task BodyWhoseTokensTakeMoreThanMayBeInFlight_IsTooLarge_AndLeavesNothingBehind()
    {
        await using var server = await RunningServer.StartAsync(
            ("Intake:BodyBytesMax", "1000000"), ("Intake:BytesInFlightMax", "4000000"));
        var answer = await IntakePost.SendAsync(server, "[" + string.Join(',', Enumerable.Repeat(1, 200_000)) + "]");
        answer.Status.ShouldBe(413);
        SafeBody.Fault(answer.Body).ShouldBeNull();
        server.Services.GetRequiredService<BytesInFlight>().Bytes.ShouldBe(0);
    }

    [Theory]
    [InlineData("zz")]
    [InlineData("-1")]
    [InlineData("ffffffffffffffff")]
    public async Task ChunkWithoutASize_IsTheSendersFault(string size)
    {
        await using var server = await RunningServer.StartAsync();
        using var http = await RawHttp.ConnectAsync(server.Address);
        await http.WriteAsync(Encoding.ASCII.GetBytes($"{Head}Transfer-Encoding: chunked\r\n\r\n{size}\r\n[]"));
        var answer = await http.ReadResponseAsync();
        answer.Status.ShouldBe(400);
        SafeBody.Fault(answer.Body).ShouldBeNull();
    }

    [Theory]
    [InlineData("100-continue", 201)]
    [InlineData("something", 417)]
    public async Task Expectation_IsMetOrRefused(string expectation, int status)
    {
        await using var server = await RunningServer.StartAsync();
        (await IntakePost.SendAsync(server, IntakePost.Event, ("Expect", expectation))).Status.ShouldBe(status);
    }

    [Theory]
    [InlineData("Authorization", "Bearer wrong")]
    [InlineData("Origin", "https://example.org")]
    [InlineData("Via", "1.1 wikibus")]
    public async Task CallerThatMayNotPublish_IsAnswered401Safely(string header, string value)
    {
        await using var server = await RunningServer.StartAsync();
        var answer = await IntakePost.SendAsync(server, IntakePost.Event, (header, value));
        answer.Status.ShouldBe(401);
        SafeBody.Fault(answer.Body).ShouldBeNull();
        StoredRecords.Read(server).ShouldBeEmpty();
    }

    private static string EventOf(string stream) =>
        IntakePost.Event.Replace("test.event", stream, StringComparison.Ordinal);

    // The bytes in flight are not visible from outside, so this repeats the request until the answer is right.
    private static async Task<RawResponse> UntilAsync(RunningServer server, string body, int status)
    {
        var limit = TestTime.Token();
        while (true)
        {
            var answer = await IntakePost.SendAsync(server, body);
            if (answer.Status == status)
            {
                return answer;
            }

            limit.ThrowIfCancellationRequested();
        }
    }
}
