using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using WikiBus.FunctionalTests.Infrastructure;

namespace WikiBus.FunctionalTests.Dream;

/// <summary>Three real processes in a chain A, B, C. The one in the middle is killed while events flow.</summary>
public sealed class ChainProcessTests
{
    private const int EventCount = 30;

    [Fact]
    public async Task MiddleServiceIsKilled_AllEventsArrive_WithAllServicesTheyPassed()
    {
        using var data = new TestDirectory();
        await using var recipient = await WebhookReceiver.StartAsync();
        await using var c = await StartAsync(data.Combine("c"), "http://127.0.0.1:0", downstream: null);
        var linkToC = (UriOf(c), await MakeKeyAsync(c, data.Combine("c")));
        var b = await StartAsync(data.Combine("b"), "http://127.0.0.1:0", linkToC);
        var addressOfB = b.Address.ToString().TrimEnd('/');
        await using var a = await StartAsync(
            data.Combine("a"), "http://127.0.0.1:0", (UriOf(b), await MakeKeyAsync(b, data.Combine("b"))));
        using var publisher = ClientOf(a, data.Combine("a"));
        using (var subscriber = ClientOf(c, data.Combine("c")))
        {
            (await PostAsync(
                subscriber, "/pubsub/subscribers",
                "<a><uri.owner>http://owner/1</uri.owner><subscription><channel>event://*/deki/pages/*</channel>"
                + $"<recipient><uri>{recipient.Url}</uri></recipient></subscription></a>")).ShouldBe(201);
        }

        await TestTime.UntilAsync(async () => (await publisher.GetStringAsync("/pubsub/subscribers", TestTime.Token()))
            .Contains("deki/pages", StringComparison.Ordinal));
        for (var number = 0; number < EventCount; number++)
        {
            if (number == EventCount / 3)
            {
                await b.KillAsync();
                await b.DisposeAsync();
            }

            if (number == 2 * EventCount / 3)
            {
                b = await StartAsync(data.Combine("b"), addressOfB, linkToC);
            }

            (await PostAsync(
                publisher, "/pubsub/publish", $"<e n='{number}'/>", ("X-Dream-Event-Id", $"e{number}"),
                ("X-Dream-Event-Channel", "event://default/deki/pages/update"),
                ("X-Dream-Event-Origin-Uri", "http://o/1"))).ShouldBe(200);
        }

        await TestTime.UntilAsync(() => Task.FromResult(
            recipient.Received.Select(static one => one["x-dream-event-id"]).Distinct().Count() == EventCount));
        var via = string.Join(',', new[] { UriOf(a), addressOfB + "/pubsub", UriOf(c) });
        recipient.Received.Select(static one => one["x-dream-event-via-uri"]).Distinct().ShouldBe([via]);
        await b.DisposeAsync();
    }

    private static string UriOf(ServerProcess server) => $"{server.Address.ToString().TrimEnd('/')}/pubsub";

    private static Task<ServerProcess> StartAsync(string data, string listen, (string Uri, string Key)? downstream)
    {
        var environment = new Dictionary<string, string>
        {
            ["WIKIBUS_Deliveries__AllowedNetworks__0"] = "127.0.0.0/8",
        };
        if (downstream is { } link)
        {
            environment["WIKIBUS_Dream__Downstream__0__Uri"] = link.Uri + "/subscribers";
            environment["WIKIBUS_Dream__Downstream__0__Key"] = link.Key;
        }

        return ServerProcess.StartAsync(["--data", data, "--listen", listen], environment);
    }

    private static HttpClient ClientOf(ServerProcess server, string data)
    {
        var client = new HttpClient { BaseAddress = server.Address, Timeout = TestTime.Limit };
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue(
            "Bearer", File.ReadAllText(Path.Combine(data, "admin.key")).Trim());
        return client;
    }

    private static async Task<string> MakeKeyAsync(ServerProcess server, string data)
    {
        using var client = ClientOf(server, data);
        using var content = new StringContent(
            """{"roles": ["subscribe", "read", "chain"]}""", Encoding.UTF8, "application/json");
        using var answer = await client.PostAsync("/v1/keys", content, TestTime.Token());
        using var key = JsonDocument.Parse(await answer.Content.ReadAsStringAsync(TestTime.Token()));
        return key.RootElement.GetProperty("secret").GetString()!;
    }

    private static async Task<int> PostAsync(
        HttpClient client, string path, string body, params (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, path)
        {
            Content = new StringContent(body, Encoding.UTF8, "application/xml"),
        };
        foreach (var (name, value) in headers)
        {
            request.Headers.TryAddWithoutValidation(name, value);
        }

        using var answer = await client.SendAsync(request, TestTime.Token());
        return (int)answer.StatusCode;
    }
}
