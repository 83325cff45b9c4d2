using System.Net;
using System.Net.Http.Headers;
using System.Text;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using WikiBus.Events.Deki;
using WikiBus.Events.Tests;

namespace WikiBus.Producer.Tests.Deki;

public sealed class MessageTests : IAsyncLifetime
{
    private static readonly DekiPage s_page = new() { Id = 42, Title = "Sandbox/Sub_page", Revision = 3 };

    private DreamStub _stub = null!;
    private LocalServer _wiki = null!;

    public async ValueTask InitializeAsync()
    {
        _stub = await DreamStub.StartAsync();
        _wiki = await DekiWikiHost.StartAsync(
            _stub,
            application => application.MapDekiMessages("/@api/deki/"),
            register: services => services.AddScoped<IDekiPages, Pages>());
        await DekiWikiHost.PassStartAsync(_stub);
    }

    public async ValueTask DisposeAsync()
    {
        await _wiki.DisposeAsync();
        await _stub.DisposeAsync();
    }

    [Fact]
    public async Task Message_IsPublishedForThePage()
    {
        (await PostAsync("42/message/chat/say?x=/y", "text/plain", "hi")).ShouldBe((HttpStatusCode.OK, ""));

        var post = await _stub.NextAsync();
        post.Headers.ShouldBe(
            [
                "X-Dream-Event-Channel: event://default/deki/pages/message/chat/say",
                "X-Dream-Event-Resource-Uri: http://default/@api/deki/pages/42",
                "X-Dream-Event-Origin-Uri: http://wiki.example.org/@api/deki/pages/42?redirects=0,"
                    + "http://localhost/Sandbox/Sub_page",
            ],
            ignoreOrder: true);
        post.Body.ShouldEndWith("<body content-type=\"text/plain\">hi</body></deki-event>");
    }

    [Fact]
    public async Task RecordedMessages_HaveTheSameChannelAndBody()
    {
        var refused = new List<string>();
        foreach (var call in Recordings.Read("deki-events.jsonl")
            .Where(call => call.GetProperty("call").GetString() == "PageMessage"))
        {
            var input = call.GetProperty("input");
            var path = string.Join('/', input.GetProperty("messagePath").EnumerateArray());
            var type = input.GetProperty("contentType").GetString()!;
            var body = EncodingOf(type).GetBytes(input.GetProperty("body").GetString()!);
            if ((await PostAsync($"42/message/{path}", type, body)).Status != HttpStatusCode.OK)
            {
                refused.Add(type);
                continue;
            }

            var post = await _stub.NextAsync();
            var item = call.GetProperty("events")[0];
            var channel = item.GetProperty("channel").GetString()!.Split("/deki/")[1];
            post.Headers.ShouldContain($"X-Dream-Event-Channel: event://default/deki/{channel}");
            BodyOf(post.Body).ShouldBe(BodyOf(item.GetProperty("document").GetString()!));
        }

        refused.ShouldBeEmpty();
    }

    [Theory]
    [InlineData("a/", "a")]
    [InlineData("a%2Fb/%41%20", "a%2Fb/%41%20")]
    [InlineData("%2525", "%2525")]
    [InlineData("message/pages/1/message/b", "message/pages/1/message/b")]
    public async Task Path_KeepsItsEncoding(string sent, string published)
    {
        (await PostAsync($"42/message/{sent}", "text/plain", "hi")).Status.ShouldBe(HttpStatusCode.OK);

        (await _stub.NextAsync()).Headers.ShouldContain(
            $"X-Dream-Event-Channel: event://default/deki/pages/message/{published}");
    }

    [Theory]
    [InlineData("42/message", "text/plain", "The path after message/ must consist of encoded segments")]
    [InlineData("42/message/", "text/plain", "The path after message/ must consist of encoded segments")]
    [InlineData("42/message//a", "text/plain", "The path after message/ must consist of encoded segments")]
    [InlineData("42/message/a//", "text/plain", "The path after message/ must consist of encoded segments")]
    [InlineData("42/message/a/b/..", "text/plain", "The path after message/ must consist of encoded segments")]
    [InlineData("42/message/a/../b", "text/plain", "The path after message/ must consist of encoded segments")]
    [InlineData("42/message/a/%2E%2e/b", "text/plain", "The path after message/ must consist of encoded segments")]
    [InlineData("42/message/a", "application/json", "unsupported mime-type: application/json")]
    [InlineData("42/message/a", null, "unsupported mime-type: application/octet-stream")]
    [InlineData("42/message/a", "application/xml", "The body cannot be read: ")]
    [InlineData("42/message/a", "application/x-www-form-urlencoded", "The form's field '1 ' is not the name")]
    public async Task WrongMessage_IsRefused(string path, string? type, string text)
    {
        var answer = await PostAsync(path, type, "1 =<");

        answer.Status.ShouldBe(HttpStatusCode.BadRequest);
        answer.Body.ShouldStartWith(
            $"<error><status>400</status><title>Bad Request</title><message>{text}");
        await ShouldPublishNothingAsync();
    }

    [Theory]
    [InlineData("nobody")]
    [InlineData("Anonymous")]
    public async Task WithoutUser_IsForbidden(string user)
    {
        (await PostAsync("42/message/a", "text/plain", "hi", user)).ShouldBe((
            HttpStatusCode.Forbidden,
            "<error><status>403</status><title>Forbidden</title>"
            + "<message>A logged-in user is required</message></error>"));

        await ShouldPublishNothingAsync();
    }

    [Fact]
    public async Task WithoutReadablePage_IsNotFound()
    {
        (await PostAsync("43/message/a", "text/plain", "hi")).Status.ShouldBe(HttpStatusCode.NotFound);

        await ShouldPublishNothingAsync();
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task BodyOver128KB_IsRefused(bool hasLength)
    {
        var body = new string('a', 128 * 1024);
        (await PostAsync("42/message/a", "text/plain", body, hasLength: hasLength)).Status.ShouldBe(HttpStatusCode.OK);
        (await _stub.NextAsync()).Body.ShouldContain(body);

        var answer = await PostAsync("42/message/a", "text/plain", body + "a", hasLength: hasLength);

        answer.Status.ShouldBe(HttpStatusCode.BadRequest);
        answer.Body.ShouldContain("<message>Content-length cannot exceed 128KB)</message>");
        await ShouldPublishNothingAsync();
    }

    [Fact]
    public async Task WithoutPages_TheRouteIsRefused()
    {
        var fault = await Should.ThrowAsync<InvalidOperationException>(
            () => DekiWikiHost.StartAsync(_stub, application => application.MapDekiMessages()));

        fault.Message.ShouldBe("Call AddWikiBusDeki, and register an IDekiPages.");
    }

    private static Encoding EncodingOf(string type) => MediaTypeHeaderValue.Parse(type).CharSet is { } charset
        ? Encoding.GetEncoding(charset)
        : Encoding.UTF8;

    private static string BodyOf(string document) => document[document.IndexOf("<body", StringComparison.Ordinal)..];

    private async Task ShouldPublishNothingAsync()
    {
        await _wiki.StopAsync();
        _stub.Rest().ShouldHaveSingleItem().Body.ShouldContain("/deki/site/stop<");
    }

    private Task<(HttpStatusCode Status, string Body)> PostAsync(
        string path, string? type, string body, string user = "Maria", bool hasLength = true) =>
        PostAsync(path, type, Encoding.UTF8.GetBytes(body), user, hasLength);

    private async Task<(HttpStatusCode Status, string Body)> PostAsync(
        string path, string? type, byte[] body, string user = "Maria", bool hasLength = true)
    {
        var options = new UriCreationOptions { DangerousDisablePathAndQueryCanonicalization = true };
        using var request = new HttpRequestMessage(
            HttpMethod.Post, new Uri($"{_wiki.Uri.AbsoluteUri}@api/deki/pages/{path}", in options));
        request.Content = new ByteArrayContent(body);
        request.Content.Headers.TryAddWithoutValidation("Content-Type", type);
        request.Headers.Add("X-User", user);
        request.Headers.TransferEncodingChunked = !hasLength;
        using var answer = await _wiki.Client.SendAsync(request, TestTime.Token());
        return (answer.StatusCode, await answer.Content.ReadAsStringAsync(TestTime.Token()));
    }

    private sealed class Pages : IDekiPages
    {
        public ValueTask<DekiUser?> FindUserAsync(HttpContext context)
        {
            var name = context.Request.Headers["X-User"].ToString();
            return new(name == "nobody" ? null : new DekiUser { Id = 7, Name = name });
        }

        public ValueTask<DekiPage?> FindReadablePageAsync(string page, DekiUser user, HttpContext context) =>
            new(page == "42" ? s_page : null);
    }
}
