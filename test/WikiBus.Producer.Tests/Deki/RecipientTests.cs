using System.Net;
using System.Text;
using Microsoft.Extensions.DependencyInjection;

namespace WikiBus.Producer.Tests.Deki;

public sealed class RecipientTests
{
    private const string Document =
        "<deki-event wikiid=\"default\" event-time=\"2011-03-04T05:06:07Z\">"
        + "<channel>event://default/deki/pages/update</channel><pageid>42</pageid></deki-event>";

    private readonly List<DekiDelivery> _deliveries = [];

    [Fact]
    public async Task Delivery_ReachesTheHandler()
    {
        await using var server = await StartAsync();

        var answer = await PostAsync(server, "/events", request =>
        {
            request.Headers.Add("X-Dream-Event-Resource-Uri", "http://default/@api/deki/pages/42");
            request.Headers.Add("X-Dream-Event-Recipient-Uri", "http://localhost/events");
        });

        answer.ShouldBe((HttpStatusCode.OK, ""));
        var delivery = _deliveries.ShouldHaveSingleItem();
        delivery.EventId.ShouldBe("id-1");
        delivery.Channel.ShouldBe("event://default/deki/pages/update");
        delivery.Resource.ShouldBe("http://default/@api/deki/pages/42");
        delivery.Document.WikiId.ShouldBe("default");
        delivery.Document.PageId.ShouldBe(42);
    }

    [Fact]
    public async Task DeliveryWithoutResource_HasNone()
    {
        await using var server = await StartAsync();

        (await PostAsync(server, "/events")).Status.ShouldBe(HttpStatusCode.OK);

        _deliveries.ShouldHaveSingleItem().Resource.ShouldBeNull();
    }

    [Theory]
    [InlineData("http://o/1", "http://o/1")]
    [InlineData("http://o/1,http://o/2", "http://o/1|http://o/2")]
    [InlineData("http://o/1, http://o/2|http://o/3", "http://o/1|http://o/2|http://o/3")]
    [InlineData("http://o/index.php?title=A,_B,http://o/2", "http://o/index.php?title=A,_B|http://o/2")]
    public async Task Origins_AreSeparatedByCommasOrLines(string lines, string expected)
    {
        await using var server = await StartAsync();

        await PostAsync(server, "/events", request =>
        {
            request.Headers.Remove("X-Dream-Event-Origin-Uri");
            request.Headers.Add("X-Dream-Event-Origin-Uri", lines.Split('|'));
        });

        _deliveries.ShouldHaveSingleItem().Origins.ShouldBe(expected.Split('|'));
    }

    [Theory]
    [InlineData("not xml", "The document cannot be read")]
    [InlineData("<deki-event/>", "has no wikiid")]
    [InlineData("<subscription-set/>", "the element is subscription-set instead of deki-event")]
    [InlineData("<a>\u0007</a>", "'?', hexadecimal value 0x07")]
    [InlineData("", "The document cannot be read")]
    public async Task WrongDocument_IsRefused(string document, string message)
    {
        await using var server = await StartAsync();

        var answer = await PostAsync(server, "/events", document: document);

        answer.Status.ShouldBe(HttpStatusCode.BadRequest);
        answer.Body.ShouldStartWith("<error><status>400</status><title>Bad Request</title><message>");
        answer.Body.ShouldContain(message);
        _deliveries.ShouldBeEmpty();
    }

    [Theory]
    [InlineData("X-Dream-Event-Id")]
    [InlineData("X-Dream-Event-Channel")]
    public async Task MissingHeader_IsRefused(string name)
    {
        await using var server = await StartAsync();

        var answer = await PostAsync(server, "/events", request => request.Headers.Remove(name));

        answer.Status.ShouldBe(HttpStatusCode.BadRequest);
        answer.Body.ShouldContain($"<message>The header {name} is missing.</message>");
    }

    [Theory]
    [InlineData("", null, false)]
    [InlineData("?apikey=s3cret", null, true)]
    [InlineData("?APIKEY=s3cret", null, true)]
    [InlineData("?apikey=S3CRET", null, false)]
    [InlineData("?apikey=s3cret&apikey=wrong", null, true)]
    [InlineData("?apikey=wrong", "service-key=s3cret", false)]
    [InlineData("?apikey=", "service-key=s3cret", true)]
    [InlineData("", "service-key=s3cret", true)]
    [InlineData("", "$Version=\"1\"; service-key=\"s3cret\"; $Path=\"/events\"; $Domain=\"h:1\"", true)]
    [InlineData("", "$Version=\"1\"; a=\"b\"; $Path=\"/\", service-key=\"s3cret\"; $Path=\"/events\"", true)]
    [InlineData("", "service-key=\"old\"; $Path=\"/\", service-key=\"s3cret\"; $Path=\"/events\"", true)]
    [InlineData("", "my-service-key=s3cret", false)]
    [InlineData("", "SERVICE-KEY=s3cret", false)]
    public async Task Secret_IsInTheQueryOrTheCookies(string query, string? cookie, bool isAccepted)
    {
        await using var server = await StartAsync(new DekiRecipientOptions { Secret = "s3cret" });

        var answer = await PostAsync(server, $"/events{query}", request =>
        {
            if (cookie is not null)
            {
                request.Headers.Add("Cookie", cookie);
            }
        });

        const string Refused = "<error><status>403</status><title>Forbidden</title>"
            + "<message>insufficient access privileges</message></error>";
        answer.ShouldBe(isAccepted ? (HttpStatusCode.OK, "") : (HttpStatusCode.Forbidden, Refused));
        _deliveries.Count.ShouldBe(isAccepted ? 1 : 0);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task BodyOverTheLimit_IsRefused(bool hasLength)
    {
        await using var server = await StartAsync(new DekiRecipientOptions { BodyBytesMax = Document.Length });

        (await PostAsync(server, "/events")).Status.ShouldBe(HttpStatusCode.OK);
        var answer = await PostAsync(
            server,
            "/events",
            request => request.Headers.TransferEncodingChunked = hasLength ? null : true,
            Document + " ");

        answer.Status.ShouldBe(HttpStatusCode.RequestEntityTooLarge);
        answer.Body.ShouldContain($"The body has more than {Document.Length} bytes.");
        _deliveries.Count.ShouldBe(1);
    }

    [Fact]
    public async Task LargeBodyWithinTheLimit_IsRead()
    {
        await using var server = await StartAsync(new DekiRecipientOptions { BodyBytesMax = 4 << 20 });

        var answer = await PostAsync(
            server,
            "/events",
            request => request.Headers.TransferEncodingChunked = true,
            Document.Replace("<pageid>", $"<path>{new string('a', 900_000)}</path><pageid>", StringComparison.Ordinal));

        answer.Status.ShouldBe(HttpStatusCode.OK);
        _deliveries.ShouldHaveSingleItem().Document.Path!.Length.ShouldBe(900_000);
    }

    [Fact]
    public async Task ExceptionOfTheHandler_IsAnsweredWith500()
    {
        await using var server = await LocalServer.StartAsync(application => application.MapDekiRecipient(
            "/events", (_, _, _) => throw new InvalidOperationException("secret detail")));

        var answer = await PostAsync(server, "/events");

        answer.Status.ShouldBe(HttpStatusCode.InternalServerError);
        answer.Body.ShouldNotContain("secret detail");
    }

    [Fact]
    public async Task OtherVerbs_AreNotAllowed()
    {
        await using var server = await StartAsync();

        using var answer = await server.Client.GetAsync(new Uri(server.Uri, "/events"), TestTime.Token());

        answer.StatusCode.ShouldBe(HttpStatusCode.MethodNotAllowed);
    }

    [Theory]
    [InlineData("", 1, "DekiRecipientOptions.Secret")]
    [InlineData("two words", 1, "visible ASCII characters except \" , ; and \\")]
    [InlineData("a;b", 1, "DekiRecipientOptions.Secret")]
    [InlineData("secret", 0, "DekiRecipientOptions.BodyBytesMax must be at least 1; it is 0.")]
    public async Task WrongSettings_AreRefusedWhenTheRouteIsMapped(string secret, int bytes, string message)
    {
        var options = new DekiRecipientOptions { Secret = secret, BodyBytesMax = bytes };

        var fault = await Should.ThrowAsync<ArgumentException>(() => StartAsync(options));

        fault.Message.ShouldContain(message);
    }

    private static async Task<(HttpStatusCode Status, string Body)> PostAsync(
        LocalServer server, string path, Action<HttpRequestMessage>? change = null, string document = Document)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(server.Uri, path));
        request.Content = new StringContent(document, Encoding.UTF8, "application/xml");
        request.Headers.Add("X-Dream-Event-Id", "id-1");
        request.Headers.Add("X-Dream-Event-Channel", "event://default/deki/pages/update");
        request.Headers.Add("X-Dream-Event-Origin-Uri", "http://o/1");
        change?.Invoke(request);
        using var answer = await server.Client.SendAsync(request, TestTime.Token());
        return (answer.StatusCode, await answer.Content.ReadAsStringAsync(TestTime.Token()));
    }

    private Task<LocalServer> StartAsync(DekiRecipientOptions? options = null) => LocalServer.StartAsync(
        application => application.MapDekiRecipient(
            "/events",
            (delivery, services, _) =>
            {
                services.GetRequiredService<IServiceScopeFactory>();
                _deliveries.Add(delivery);
                return Task.CompletedTask;
            },
            options));
}
