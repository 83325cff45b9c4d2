using System.Net;
using System.Net.Sockets;
using System.Text;

namespace WikiBus.Producer.Tests.Sending;

/// <summary>How the answers of services are judged.</summary>
public sealed class AnswerTests
{
    private const string OneRefused = """{"invalid":[{"event":{},"context":{}}],"error":[]}""";

    [Theory]
    [InlineData(200, "", 2, null)]
    [InlineData(201, "", 2, null)]
    [InlineData(202, "", 2, null)]
    [InlineData(204, "", 2, null)]
    [InlineData(299, "", 2, null)]
    [InlineData(207, OneRefused, 1, "207: Multi-Status")]
    [InlineData(207, """{"invalid":[],"error":[]}""", 0, "207: Multi-Status")]
    [InlineData(207, """{"invalid":[1,2,3]}""", 0, "207: Multi-Status")]
    [InlineData(300, "", 0, "300: Multiple Choices")]
    [InlineData(302, "", 0, "302: Found")]
    [InlineData(400, OneRefused, 0, "400: Bad Request")]
    [InlineData(500, "", 0, "500: Internal Server Error")]
    public async Task Answer_WithStatus_IsJudged(int status, string body, int accepted, string? error)
    {
        await using var service = await StubService.StartAsync(status, body);
        await using var producer = await TestProducer.StartAsync(service.Url);

        var result = await SendTwoAsync(producer);

        result.Posts.ShouldHaveSingleItem().StatusCode.ShouldBe(status);
        result.Posts[0].Error.ShouldBe(error);
        result.AcceptedCount.ShouldBe(accepted);
        result.FailedCount.ShouldBe(2 - accepted);
        result.IsSuccess.ShouldBe(error is null);
        result.Errors.ShouldBe(error is null ? [] : [$"Unable to deliver all events: {error}"]);
    }

    [Theory]
    [InlineData("HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: x\r\n\r\n", 101)]
    [InlineData("HTTP/1.1 000 Zero\r\nContent-Length: 0\r\n\r\n", 0)]
    [InlineData("HTTP/1.1 999 More\r\nContent-Length: 0\r\n\r\n", 999)]
    [InlineData("HTTP/1.1 103 Early Hints\r\n\r\n", null)]
    [InlineData("HTTP/1.1 201 Created\r\n", null)]
    [InlineData("", null)]
    public async Task Answer_ThatIsNoSuccessOfHttp_IsAFailure(string answer, int? status)
    {
        await using var service = RawService.Start(answer);
        await using var producer = await TestProducer.StartAsync(service.Url);

        var post = (await SendTwoAsync(producer)).Posts.ShouldHaveSingleItem();

        post.StatusCode.ShouldBe(status);
        (post.AcceptedCount, post.FailedCount).ShouldBe((0, 2));
    }

    [Theory]
    [InlineData("HTTP/1.1 100 Continue\r\n\r\n", "", null)]
    [InlineData("X-A: b\r\n", "HTTP/1.1 201 Created\r\n", null)]
    [InlineData("5\r\naaaaa\r\n", "HTTP/1.1 207 Multi-Status\r\nTransfer-Encoding: chunked\r\n\r\n", 207)]
    public async Task Answer_WithoutEnd_IsAFailure(string piece, string head, int? status)
    {
        var pieces = Encoding.ASCII.GetBytes(string.Concat(Enumerable.Repeat(piece, 1000)));
        await using var service = RawService.Start(async (stream, cancellation) =>
        {
            await stream.WriteAsync(Encoding.ASCII.GetBytes(head), cancellation);
            while (true)
            {
                await stream.WriteAsync(pieces, cancellation);
            }
        });
        await using var producer = await TestProducer.StartAsync(
            service.Url, options => options.Services["eventbus"].Timeout = TestTime.Limit);

        var post = (await SendTwoAsync(producer)).Posts.ShouldHaveSingleItem();

        post.StatusCode.ShouldBe(status);
        (post.AcceptedCount, post.FailedCount).ShouldBe((0, 2));
    }

    // On some of these, EventBus ends with a type error.
    [Theory]
    [InlineData("""{"message":"x"}""")]
    [InlineData("""{"title":"Bad","status":400}""")]
    [InlineData("""["a","b"]""")]
    [InlineData("""{"invalid":[]}""")]
    [InlineData("""{"invalid":"x","error":null}""")]
    [InlineData("\"text\"")]
    [InlineData("null")]
    [InlineData("<html>")]
    [InlineData("")]
    [InlineData("[]")]
    public async Task Answer_WithABodyOfAnyShape_IsAFailure(string body)
    {
        await using var service = await StubService.StartAsync(async context =>
        {
            context.Response.StatusCode = 207;
            await context.Response.Body.WriteAsync(Encoding.UTF8.GetBytes(body));
        });
        await using var producer = await TestProducer.StartAsync(service.Url);

        (await SendTwoAsync(producer)).Posts.ShouldHaveSingleItem()
            .ShouldBe(new PostResult("eventbus", 207, 0, 2, "207: Multi-Status"));
    }

    [Fact]
    public async Task Answer_WithAReasonOfItsOwn_GivesTheReason()
    {
        await using var service = await StubService.StartAsync(context =>
        {
            var feature = context.Features.Get<Microsoft.AspNetCore.Http.Features.IHttpResponseFeature>()!;
            (feature.StatusCode, feature.ReasonPhrase) = (400, "Incorrect schema");
            return Task.CompletedTask;
        });
        await using var producer = await TestProducer.StartAsync(service.Url);

        (await SendTwoAsync(producer)).Errors.ShouldBe(["Unable to deliver all events: 400: Incorrect schema"]);
    }

    [Fact]
    public async Task Service_ThatRefusesTheConnection_IsAFailure()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var port = ((IPEndPoint)listener.LocalEndpoint).Port;
        listener.Stop();
        await using var producer = await TestProducer.StartAsync($"http://127.0.0.1:{port}/v1/events");

        var result = await SendTwoAsync(producer);

        result.Posts.ShouldHaveSingleItem().StatusCode.ShouldBeNull();
        result.FailedCount.ShouldBe(2);
        result.Errors.ShouldHaveSingleItem().ShouldStartWith("Unable to deliver all events: ");
    }

    [Fact]
    public async Task Service_ThatHasNoAddress_IsAFailure()
    {
        await using var producer = await TestProducer.StartAsync("http://service.invalid/v1/events");

        (await SendTwoAsync(producer)).FailedCount.ShouldBe(2);
    }

    [Fact]
    public async Task Service_ThatHangs_IsAFailureAfterItsTimeout()
    {
        await using var service = await StubService.StartHangingAsync();
        await using var producer = await TestProducer.StartAsync(
            service.Url, options => options.Services["eventbus"].Timeout = TimeSpan.FromMilliseconds(200));

        var result = await SendTwoAsync(producer);

        result.Posts.ShouldHaveSingleItem().StatusCode.ShouldBeNull();
        result.FailedCount.ShouldBe(2);
        result.Errors.ShouldBe(["Unable to deliver all events: no answer within 0.2 s"]);
    }

    private static Task<SendResult> SendTwoAsync(TestProducer producer) =>
        producer.Sender.SendAsync([TestProducer.Event(), TestProducer.Event()], TestTime.Token());
}
