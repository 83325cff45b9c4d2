using System.Text;
using Microsoft.Extensions.DependencyInjection;
using WikiBus.FunctionalTests.Infrastructure;
using WikiBus.FunctionalTests.Webhooks;
using WikiBus.Server.Intake.Settings;
using WikiBus.Storage;

namespace WikiBus.FunctionalTests.Dream;

/// <summary>What <c>publish</c> does with bodies, repeats and trouble.</summary>
public sealed class PublishTests
{
    private const string Channel = "event://default/deki/pages/create";

    private static readonly (string Name, string Value)[] s_headers =
    [
        ("Content-Type", "application/xml"), ("X-Dream-Event-Channel", Channel),
        ("X-Dream-Event-Origin-Uri", "http://o/1"),
    ];

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(20_000)]
    [InlineData(3_000_000)]
    public async Task Body_IsStoredByteForByte_InChunksOrNot(int length)
    {
        await using var server = await RunningServer.StartAsync();
        var body = new byte[length];
        new Random(length).NextBytes(body);
        (await SendAsync(server, body)).Status.ShouldBe(200);
        (await SendAsync(server, body, isChunked: true)).Status.ShouldBe(200);
        using var reader = server.Services.GetRequiredService<EventLog>().OpenReader(0);
        using var batch = new RecordBatch();
        var count = 0;
        while (reader.Read(batch))
        {
            batch.Records.All(record => record.Payload.Span.SequenceEqual(body)).ShouldBeTrue();
            count += batch.Records.Count;
        }

        count.ShouldBe(2);
        server.Services.GetRequiredService<BytesInFlight>().Bytes.ShouldBe(0);
    }

    [Theory]
    [InlineData("Content-Length: 10\r\n\r\n<e", 503, "did not arrive in time")]
    [InlineData("Transfer-Encoding: chunked\r\n\r\n4\r\n<e/>\r\n", 503, "did not arrive in time")]
    [InlineData("Transfer-Encoding: chunked\r\n\r\nzz\r\n<e/>", 400, "Bad chunk")]
    [InlineData("Content-Length: 65537\r\n\r\n", 413, "Intake:EventBytesMax (65536)")]
    [InlineData("Transfer-Encoding: chunked\r\n\r\n10001\r\nLARGE", 413, "Intake:EventBytesMax (65536)")]
    public async Task BodyThatCannotBeRead_IsRefused_AndLeavesNothingBehind(string rest, int status, string message)
    {
        await using var server = await RunningServer.StartAsync(
            ("Intake:Deadline", "300 ms"), ("Intake:EventBytesMax", "65536"));
        using var http = await RawHttp.ConnectAsync(server.Address);
        var head = string.Concat(s_headers.Select(static header => $"{header.Name}: {header.Value}\r\n"));
        await http.WriteAsync(Encoding.ASCII.GetBytes(
            $"POST /pubsub/publish HTTP/1.1\r\nHost: localhost\r\n{head}"
            + rest.Replace("LARGE", new string('x', 65_537), StringComparison.Ordinal)));
        var answer = await http.ReadResponseAsync();
        answer.Status.ShouldBe(status, answer.Text);
        answer.Text.ShouldStartWith($"<error><status>{status}</status>");
        answer.Text.ShouldContain(message);
        answer.Headers.ContainsKey("Retry-After").ShouldBe(status == 503);
        StoredRecords.Read(server).ShouldBeEmpty();
        server.Services.GetRequiredService<BytesInFlight>().Bytes.ShouldBe(0);
        server.Errors.Lines.ShouldNotContain(static line => line.StartsWith("Error", StringComparison.Ordinal));
    }

    [Fact]
    public async Task MoreThanMayBeInFlight_IsAnswered503()
    {
        await using var server = await RunningServer.StartAsync(
            ("Intake:BodyBytesMax", "65536"), ("Intake:BytesInFlightMax", "65536"));
        var answer = await SendAsync(server, new byte[65_537]);
        answer.Status.ShouldBe(503);
        answer.Text.ShouldContain("too many bytes are in flight");
        (await SendAsync(server, new byte[60_000])).Status.ShouldBe(200);
    }

    [Fact]
    public async Task FlushBeyondTheDeadline_IsAnsweredUnknown_AndRepeatingIsSafe()
    {
        var disk = new TroubledDisk();
        await using var server = await RunningServer.StartAsync(
            services => services.AddSingleton<IFileSystem>(disk), ("Intake:Deadline", "300 ms"));
        disk.HoldFlushes();
        var answer = await SendAsync(server, "<e/>"u8.ToArray(), ("X-Dream-Event-Id", "a"));
        answer.Status.ShouldBe(503);
        answer.Headers["Retry-After"].ShouldBe("1");
        answer.Text.ShouldContain("Outcome unknown");
        disk.ReleaseFlushes();
        (await SendAsync(server, "<e/>"u8.ToArray(), ("X-Dream-Event-Id", "a"))).Status.ShouldBe(200);
        StoredRecords.Read(server).ShouldHaveSingleItem().Id.ShouldBe("a");
    }

    [Fact]
    public async Task CopiesForSeveralRecipients_AreAllStored_AndTheirRepeatsAreNot()
    {
        await using var server = await RunningServer.StartAsync();
        foreach (var recipient in (string[])["http://a/1", "http://b/1", "http://a/1"])
        {
            var answer = await SendAsync(
                server, "<e/>"u8.ToArray(), ("X-Dream-Event-Id", "a"), ("X-Dream-Event-Recipient-Uri", recipient),
                ("X-Dream-Event-Via-Uri", $"http://via/{Guid.NewGuid()}"));
            answer.Status.ShouldBe(200);
            answer.Text.ShouldBe("<event id=\"a\" />");
        }

        StoredRecords.Read(server).Select(static record => record.Attributes["recipient"])
            .ShouldBe(["http://a/1", "http://b/1"]);
    }

    [Theory]
    [InlineData("a b%20c", "a b%20c")]
    [InlineData("\u00c3\u00bc%", "%C3%BC%")]
    public async Task Id_StaysTheSame_OnItsWay(string id, string delivered)
    {
        await using var server = await RunningServer.StartAsync();
        await using var recipient = await WebhookReceiver.StartAsync();
        var key = await DreamApi.MakeKeyAsync(server, "\"subscribe\", \"read\"");
        await DreamApi.CreateAsync(
            server, key, "loc1",
            "<a><uri.owner>http://o/</uri.owner><subscription><channel>event://*/*</channel>"
            + $"<recipient><uri>{recipient.Url}</uri></recipient></subscription></a>");
        (await SendAsync(server, "<e/>"u8.ToArray(), ("X-Dream-Event-Id", id))).Status.ShouldBe(200);
        (await recipient.WaitAsync(1))[0]["x-dream-event-id"].ShouldBe(delivered);
    }

    [Fact]
    public async Task FilterOfAWebhook_SeesTheDocumentAsJson()
    {
        await using var server = await RunningServer.StartAsync(("Deliveries:AllowedNetworks:0", "127.0.0.0/8"));
        await using var receiver = await WebhookReceiver.StartAsync();
        await SubscriptionApi.CreateAsync(
            server, receiver.Url, """{"streams":["deki.*"],"filter":["deki.user.id=7","meta.domain=w"]}""");
        byte[][] bodies =
        [
            .. new[]
            {
                "<deki-event wikiid='w'><user id='6'/></deki-event>", "<other wikiid='w'><user id='7'/></other>",
                "<deki-event wikiid='v'><user id='7'/></deki-event>",
                "<deki-event wikiid='w'><user id='7'><uri>u</uri></user></deki-event>",
            }.Select(Encoding.UTF8.GetBytes),
        ];
        foreach (var body in bodies)
        {
            (await SendAsync(server, body)).Status.ShouldBe(200);
        }

        var received = await receiver.WaitAsync(1);
        received.ShouldHaveSingleItem().Body.ShouldBe(bodies[^1]);
    }

    [Fact]
    public async Task SameIdWithAnotherType_IsAnotherEvent()
    {
        await using var server = await RunningServer.StartAsync();
        foreach (var type in (string[])["text/plain", "application/xml", "text/plain"])
        {
            var answer = await RawHttp.SendAsync(
                server.Address, "POST", "/pubsub/publish",
                [
                    ("X-Dream-Event-Channel", "event://a/b"), ("X-Dream-Event-Origin-Uri", "http://o/1"),
                    ("X-Dream-Event-Id", "a"), ("Content-Type", type),
                ],
                "<e/>"u8.ToArray());
            answer.Status.ShouldBe(200, answer.Text);
        }

        StoredRecords.Read(server).Count.ShouldBe(2);
    }

    [Fact]
    public async Task EncodedBody_IsRefused()
    {
        await using var server = await RunningServer.StartAsync();
        (await SendAsync(server, [], ("Content-Encoding", "gzip"))).Status.ShouldBe(415);
        (await SendAsync(server, [], ("Content-Encoding", "identity"))).Status.ShouldBe(200);
        StoredRecords.Read(server).Count.ShouldBe(1);
    }

    [Fact]
    public async Task Refusal_IsLoggedForTheOperator_Once()
    {
        await using var server = await RunningServer.StartAsync();
        var key = await DreamApi.MakeKeyAsync(server, "\"read\"");
        for (var count = 0; count < 2; count++)
        {
            (await SendAsync(server, [], ("X-Dream-Event-Via-Uri", $"{server.Address}pubsub"))).Status.ShouldBe(400);
            (await SendAsync(server, [], ("Cookie", $"service-key={key}"))).Status.ShouldBe(403);
        }

        var lines = server.Errors.Lines.Where(static line => line.StartsWith("Warning", StringComparison.Ordinal));
        lines.Count(static line => line.Contains("was refused with 400: Dispatch loop detected")).ShouldBe(1);
        lines.Count(static line => line.Contains("was refused with 403: the key may not publish")).ShouldBe(1);
        server.Errors.Lines.ShouldNotContain(line => line.Contains(key));
    }

    private static Task<RawResponse> SendAsync(
        RunningServer server, byte[] body, params (string Name, string Value)[] headers) =>
        RawHttp.SendAsync(server.Address, "POST", "/pubsub/publish", [.. s_headers, .. headers], body);

    private static Task<RawResponse> SendAsync(RunningServer server, byte[] body, bool isChunked) =>
        RawHttp.SendAsync(server.Address, "POST", "/pubsub/publish", s_headers, body, isChunked);
}
