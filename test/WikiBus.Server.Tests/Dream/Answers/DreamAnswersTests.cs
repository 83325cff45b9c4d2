using System.Text;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using WikiBus.Server.Dream.Answers;
using WikiBus.Server.Dream.Settings;
using WikiBus.Server.Dream.Uris;
using WikiBus.Server.Http;
using WikiBus.Server.Tests.Dream.Uris;

namespace WikiBus.Server.Tests.Dream.Answers;

public sealed class DreamAnswersTests
{
    private static readonly TimeSpan s_limit = TimeSpan.FromMinutes(1);

    [Theory]
    [InlineData("", "")]
    [InlineData("?x=1&apikey=s&y", "?x=1&amp;y")]
    [InlineData("?access-key=s", "")]
    [InlineData("?APIKEY=s&&x=%20", "?x=%20")]
    public async Task Error_RepeatsTheUriWithoutItsKeys(string query, string expected)
    {
        var context = Make();
        context.Request.QueryString = new QueryString(query);
        (await AnswerAsync(context, static one => DreamAnswers.ErrorAsync(one, 400, "no"))).ShouldBe(
            "<error><status>400</status><title>Bad Request</title><message>no</message>"
            + $"<uri>http://h/pubsub/subscribers{expected}</uri></error>");
        context.Response.StatusCode.ShouldBe(400);
        context.Response.ContentType.ShouldBe("application/xml; charset=utf-8");
    }

    [Fact]
    public async Task DeniedOrUnknownPath_HasNoUri()
    {
        (await AnswerAsync(Make(), DreamAnswers.DeniedAsync)).ShouldBe(
            "<error><status>403</status><title>Forbidden</title>"
            + "<message>insufficient access privileges</message></error>");
        (await AnswerAsync(Make(), DreamAnswers.NotFoundAsync)).ShouldBe(
            "<error><status>404</status><title>Not Found</title><message>resource not found</message></error>");
    }

    [Fact]
    public async Task RequestThatCanSucceedLater_SaysWhen()
    {
        foreach (var answer in (Func<HttpContext, Task>[])[DreamAnswers.BusyAsync, DreamAnswers.NotJudgedAsync])
        {
            var context = Make();
            (await AnswerAsync(context, answer)).ShouldContain("<title>Service Unavailable</title>");
            context.Response.StatusCode.ShouldBe(503);
            context.Response.Headers.RetryAfter.ToString().ShouldBe("1");
        }
    }

    /// <summary>Messages repeat what clients sent, also half a surrogate pair and what XML cannot hold.</summary>
    [Theory]
    [InlineData("a\u0001b<\uffff", "a\ufffdb&lt;\ufffd")]
    [InlineData("\U0001f600", "\U0001f600")]
    public async Task Message_CanAlwaysBeWritten(string message, string expected) =>
        (await AnswerAsync(Make(), one => DreamAnswers.ErrorAsync(one, 400, message)))
            .ShouldContain($"<message>{expected}</message>");

    [Fact]
    public async Task LongMessage_IsCut()
    {
        var message = new string('x', Echo.LengthMax + 1);
        (await AnswerAsync(Make(), one => DreamAnswers.ErrorAsync(one, 400, message)))
            .ShouldContain($"<message>{message[1..]}…</message>");
    }

    [Fact]
    public async Task HeadRequest_GetsNoBody()
    {
        var context = Make();
        context.Request.Method = "HEAD";
        (await AnswerAsync(context, DreamAnswers.NotFoundAsync)).ShouldBe("");
        context.Response.ContentLength.ShouldBe(96);
    }

    private static DefaultHttpContext Make()
    {
        var options = new DreamOptions { PublicUri = "http://own/pubsub" };
        var context = new DefaultHttpContext
        {
            RequestServices = new ServiceCollection()
                .AddSingleton(new PublicUri(
                    new OwnUris(new ListeningServer(), new ListeningServer().Lifetime, options), options))
                .BuildServiceProvider(),
        };
        context.Request.Scheme = "http";
        context.Request.Headers.Host = "h";
        context.Request.Path = "/pubsub/subscribers";
        context.Response.Body = new MemoryStream();
        return context;
    }

    private static async Task<string> AnswerAsync(DefaultHttpContext context, Func<HttpContext, Task> answer)
    {
        await answer(context).WaitAsync(s_limit, TestContext.Current.CancellationToken);
        return Encoding.UTF8.GetString(((MemoryStream)context.Response.Body).ToArray());
    }
}
