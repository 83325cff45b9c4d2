using System.Diagnostics;
using System.IO.Compression;
using System.Net;
using System.Net.Sockets;
using System.Text;
using WikiBus.Server.Deliveries.Guard;
using WikiBus.Server.Deliveries.Settings;

namespace WikiBus.Server.Tests.Deliveries.Guard;

/// <summary>What is sent, and what becomes of each kind of answer.</summary>
public sealed class GuardedSenderTests
{
    private const string Url = "http://8.8.8.8/hook?a=b";
    private const string Endless = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n";

    [Fact]
    public async Task Request_IsSentWithViaAndUserAgentAndNothingElse()
    {
        var recipient = new Recipient();
        using var trace = new Activity("trace that is not for the target").Start();

        await SendAsync(recipient.ServeAsync);

        var head = recipient.Requests.ShouldHaveSingleItem().Split("\r\n");
        head[0].ShouldBe("POST /hook?a=b HTTP/1.1");
        head.Skip(1).TakeWhile(static line => line.Length > 0).Order(StringComparer.Ordinal).ShouldBe([
            "Content-Length: 2",
            "Content-Type: application/json; charset=utf-8",
            "Host: 8.8.8.8",
            $"User-Agent: WikiBus/{typeof(GuardedSender).Assembly.GetName().Version!.ToString(3)}",
            "Via: 1.1 wikibus",
        ]);
        head[^1].ShouldBe("{}");
    }

    [Theory]
    [InlineData(301)]
    [InlineData(302)]
    [InlineData(303)]
    [InlineData(307)]
    [InlineData(308)]
    public async Task Redirect_IsAnAnswerAndNotFollowed(int status)
    {
        var recipient = new Recipient(
            $"HTTP/1.1 {status} X\r\nLocation: http://127.0.0.1/\r\nContent-Length: 0\r\n\r\n");
        var network = new ScriptedNetwork(recipient.ServeAsync);

        (await SendAsync(network)).ShouldBe(new SendResult.Answered(status, null, ""));

        network.Connects.ShouldHaveSingleItem().Address.ShouldBe(IPAddress.Parse("8.8.8.8"));
        recipient.Requests.Count.ShouldBe(1);
    }

    [Fact]
    public async Task Cookies_AreNotKept()
    {
        var recipient = new Recipient("HTTP/1.1 200 OK\r\nSet-Cookie: a=b; Path=/\r\nContent-Length: 0\r\n\r\n");
        using var sending = new GuardedSending(new ScriptedNetwork(recipient.ServeAsync));

        await sending.PostAsync(Url);
        await sending.PostAsync(Url);

        recipient.Requests.Count.ShouldBe(2);
        recipient.Requests.ShouldNotContain(static request => request.Contains("Cookie", StringComparison.Ordinal));
    }

    [Fact]
    public async Task CompressedAnswer_IsNotInflated()
    {
        var stream = new MemoryStream();
        using (var gzip = new GZipStream(stream, CompressionMode.Compress))
        {
            gzip.Write(new byte[100_000]);
        }

        var body = Encoding.Latin1.GetString(stream.ToArray());
        var answer = $"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: {body.Length}\r\n\r\n{body}";

        var result = (await SendAsync(new Recipient(answer).ServeAsync)).ShouldBeOfType<SendResult.Answered>();

        result.Excerpt.Length.ShouldBeInRange(1, body.Length);
    }

    [Theory]
    [InlineData("120", 120)]
    [InlineData("0", 0)]
    [InlineData(" 7 ", 7)]
    [InlineData("99999999999999999999", 3650 * 86400)]
    [InlineData("Wed, 04 Mar 2026 05:08:07 GMT", 120)]
    [InlineData("Wednesday, 04-Mar-26 05:08:07 GMT", 120)]
    [InlineData("Wed, 04 Mar 2026 05:00:00 GMT", 0)]
    [InlineData("", null)]
    [InlineData("-1", null)]
    [InlineData("1.5", null)]
    [InlineData("soon", null)]
    public async Task RetryAfter_IsReadAsSecondsAndAsDate(string text, int? seconds)
    {
        var recipient = new Recipient($"HTTP/1.1 503 X\r\nRetry-After: {text}\r\nContent-Length: 0\r\n\r\n");

        var result = (await SendAsync(recipient.ServeAsync)).ShouldBeOfType<SendResult.Answered>();

        result.RetryAfter?.TotalSeconds.ShouldBe(seconds!.Value);
        result.RetryAfter.HasValue.ShouldBe(seconds.HasValue);
    }

    [Fact]
    public async Task Excerpt_IsOneLineOfShownText()
    {
        var body = "  a\r\n\tb\0c\u001B[31m d\u202Ee\u0085f €\xFF\n";
        var bytes = Encoding.Latin1.GetString(Encoding.UTF8.GetBytes(body));
        var recipient = new Recipient($"HTTP/1.1 500 X\r\nContent-Length: {bytes.Length}\r\n\r\n{bytes}");

        (await SendAsync(recipient.ServeAsync)).ShouldBe(new SendResult.Answered(500, null, "a b c [31m d e f €ÿ"));
    }

    [Fact]
    public async Task LongAnswer_IsCutAndCostsItsConnection()
    {
        var options = new DeliveriesOptions { AnswerBytesMax = 1 << 10 };
        var recipient = new Recipient($"HTTP/1.1 500 X\r\nContent-Length: 9000\r\n\r\n{new string('x', 9000)}");
        var network = new ScriptedNetwork(recipient.ServeAsync);
        using var sending = new GuardedSending(network, options);

        for (var count = 1; count <= 2; count++)
        {
            var result = (await sending.PostAsync(Url)).ShouldBeOfType<SendResult.Answered>();
            result.Excerpt.Length.ShouldBe(AnswerReader.ExcerptBytesMax);
            network.Connects.Count.ShouldBe(count);
        }
    }

    [Fact]
    public async Task EndlessAnswer_EndsAtTheLimit()
    {
        var result = await SendAsync(static async stream =>
        {
            await Recipient.ReadRequestAsync(stream);
            await stream.WriteAsync(Encoding.ASCII.GetBytes(Endless));
            while (true)
            {
                await stream.WriteAsync("5\r\nhello\r\n"u8.ToArray());
            }
        });

        result.ShouldBeOfType<SendResult.Answered>().Status.ShouldBe(200);
    }

    [Fact]
    public async Task EndlessHead_IsBrokenAtTheLimit()
    {
        var result = await SendAsync(static async stream =>
        {
            await stream.WriteAsync("HTTP/1.1 200 OK\r\n"u8.ToArray());
            while (true)
            {
                await stream.WriteAsync("X-Header: value\r\n"u8.ToArray());
            }
        });

        result.ShouldBeOfType<SendResult.Broken>().Reason.ShouldBe(BrokenReason.Protocol);
    }

    [Theory]
    [InlineData("")]
    [InlineData("HTTP/1.1 200 OK\r\nX-")]
    [InlineData("HTTP/1.1 100 Continue\r\n\r\n")]
    public async Task AnswerThatHangsBeforeItsBody_IsBrokenByTheTimeout(string beginning)
    {
        var result = await SendToHangingAsync(beginning, CancellationToken.None);

        result.ShouldBeOfType<SendResult.Broken>().Reason.ShouldBe(BrokenReason.Timeout);
    }

    [Fact]
    public async Task BodyThatBreaks_IsAnswered()
    {
        var result = await SendAsync(static async stream =>
        {
            await Recipient.ReadRequestAsync(stream);
            await stream.WriteAsync(Encoding.ASCII.GetBytes(Endless + "5\r\nhello\r\n!"));
        });

        result.ShouldBe(new SendResult.Answered(200, null, "hello"));
    }

    [Fact]
    public async Task TargetThatHangsUp_IsBroken()
    {
        (await SendAsync(static stream => Recipient.ReadRequestAsync(stream)))
            .ShouldBeOfType<SendResult.Broken>().Reason.ShouldBe(BrokenReason.Reset);
        (await SendAsync(new Recipient("HTTP/1.1 200 OK\r\nContent-Le").ServeOnceAsync))
            .ShouldBeOfType<SendResult.Broken>().Reason.ShouldBe(BrokenReason.Reset);
    }

    [Theory]
    [InlineData("SSH-2.0-OpenSSH_9.9\r\n")]
    [InlineData("HTTP/1.1 abc OK\r\n\r\n")]
    [InlineData("HTTP/2 200\r\n\r\n")]
    [InlineData("\r\n\r\n")]
    public async Task WhatIsNoHttp_IsBroken(string answer) =>
        (await SendAsync(new Recipient(answer).ServeOnceAsync)).ShouldBeOfType<SendResult.Broken>();

    [Fact]
    public async Task RefusedConnection_IsUnreached()
    {
        var network = new ScriptedNetwork(new Recipient().ServeAsync)
        {
            BeforeConnect = static (_, _) => throw new SocketException((int)SocketError.ConnectionRefused),
        };

        (await SendAsync(network)).ShouldBe(
            new SendResult.Unreached(UnreachedReason.Refused, "8.8.8.8:80: Connection refused"));
    }

    [Fact]
    public async Task CallerWhoCancels_GetsAnException()
    {
        using var source = new CancellationTokenSource();

        await Should.ThrowAsync<OperationCanceledException>(
            () => SendToHangingAsync("HTTP/1.1 200 OK\r\n", source.Token, source.Cancel));
    }

    private static Task<SendResult> SendAsync(Func<Stream, Task> recipient) =>
        SendAsync(new ScriptedNetwork(recipient));

    private static async Task<SendResult> SendAsync(ScriptedNetwork network)
    {
        using var sending = new GuardedSending(network);
        return await sending.PostAsync(Url);
    }

    /// <summary>Sends to a recipient that answers no more than a beginning; then lets the time pass.</summary>
    private static async Task<SendResult> SendToHangingAsync(
        string beginning, CancellationToken cancellationToken, Action? instead = null)
    {
        var hanging = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        using var sending = new GuardedSending(new ScriptedNetwork(async stream =>
        {
            await Recipient.ReadRequestAsync(stream);
            await stream.WriteAsync(Encoding.ASCII.GetBytes(beginning));
            hanging.SetResult();
            await Recipient.ReadRequestAsync(stream);
        }));
        var result = sending.PostAsync(Url, cancellationToken: cancellationToken);
        await hanging.Task.WaitAsync(TimeSpan.FromSeconds(60), CancellationToken.None);
        (instead ?? (() => sending.Time.Advance(sending.Options.Timeout)))();
        return await result;
    }
}
