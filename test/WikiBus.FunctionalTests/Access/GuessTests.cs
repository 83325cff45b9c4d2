using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using WikiBus.FunctionalTests.Infrastructure;

namespace WikiBus.FunctionalTests.Access;

/// <summary>
/// Guesses of secrets: an administrator's secret needs a slow hash, and each unknown secret that anybody sends does,
/// too.
/// </summary>
public sealed class GuessTests
{
    private const string Secret = "given-by-somebody";
    private const string Key = """{"id":"given","roles":["publish"],"secret":"given-by-somebody"}""";

    [Fact]
    public async Task Guesses_WaitForTheirJudgement_AndHoldNobodyUp()
    {
        await using var server = await StartAsync();
        var guesses = Enumerable.Range(0, 32).Select(n => GuessAsync(server, $"wrong-secret-{n}")).ToList();

        // The key's secret is known since the key was made.
        (await PostAsync(server, Secret)).ShouldBe(201);
        (await KeyApi.StatusAsync(server, HttpMethod.Get, "/healthz", key: null)).ShouldBe(200);
        var answers = await Task.WhenAll(guesses);

        answers.Where(answer => answer.Status != 401).ShouldNotBeEmpty();
        answers.Where(answer => answer.Status != 401)
            .ShouldAllBe(answer => answer.Status == 503 && answer.RetryAfter == TimeSpan.FromSeconds(1));
    }

    [Fact]
    public async Task ClientOfAnotherAddress_IsJudgedInTime_WhateverOthersGuess()
    {
        await using var server = await StartAsync();

        // A restart forgets which secrets are right.
        await server.RestartAsync(("Access:TrustedNetworks", ""), ("Access:SlowHashesPerSecondMax", "5"));
        var guesses = Enumerable.Range(0, 32).Select(n => GuessAsync(server, $"wrong-secret-{n}")).ToList();
        using var client = ClientFrom("127.0.0.2", server.Address);
        int status;
        do
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, "/v1/events");
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", Secret);
            request.Content = new StringContent(KeyApi.Event(), null, "application/json");
            using var response = await client.SendAsync(request, TestTime.Token());
            status = (int)response.StatusCode;
        }
        while (status == 503);

        status.ShouldBe(201);
        await Task.WhenAll(guesses);
    }

    [Fact]
    public async Task KeyThatIsNotJudged_IsToldToComeAgain_ByEveryRoute()
    {
        await using var server = await StartAsync();
        var guesses = Enumerable.Range(0, 16).Select(n => GuessAsync(server, $"wrong-secret-{n}")).ToList();
        await foreach (var guess in Task.WhenEach(guesses))
        {
            // The queue is full.
            if ((await guess).Status == 503)
            {
                break;
            }
        }

        foreach (var path in (string[])
            [
                "/v1/events", "/v2/stream/test.event", "/v2/streams", "/metrics", "/v1/keys", "/pubsub/subscribers",
                "/pubsub/diagnostics/subscriptions",
            ])
        {
            var method = path == "/v1/events" ? HttpMethod.Post : HttpMethod.Get;
            using var response = await KeyApi.SendAsync(
                server, method, path, "one-more-wrong-secret", method == HttpMethod.Post ? KeyApi.Event() : null);
            response.StatusCode.ShouldBe(HttpStatusCode.ServiceUnavailable, path);
            response.Headers.RetryAfter!.Delta.ShouldBe(TimeSpan.FromSeconds(1), path);
            (await response.Content.ReadAsStringAsync(TestTime.Token())).ShouldContain("Too many unknown keys wait");
        }

        await Task.WhenAll(guesses);
    }

    /// <summary>A server with a secret that an administrator chose. One guess is judged, the next ones wait.</summary>
    private static async Task<RunningServer> StartAsync()
    {
        var server = await RunningServer.StartAsync(
            ("Access:TrustedNetworks", ""), ("Access:SlowHashesPerSecondMax", "1"));
        (await KeyApi.StatusAsync(server, HttpMethod.Post, "/v1/keys", KeyApi.AdminKey(server), Key)).ShouldBe(201);
        return server;
    }

    private static Task<int> PostAsync(RunningServer server, string key) =>
        KeyApi.StatusAsync(server, HttpMethod.Post, "/v1/events", key, KeyApi.Event());

    private static async Task<(int Status, TimeSpan? RetryAfter)> GuessAsync(RunningServer server, string secret)
    {
        using var response = await KeyApi.SendAsync(server, HttpMethod.Get, "/v2/streams", secret);
        return ((int)response.StatusCode, response.Headers.RetryAfter?.Delta);
    }

    /// <summary>A client with an address of its own: Linux has all of 127.0.0.0/8.</summary>
    private static HttpClient ClientFrom(string source, Uri address) => new(new SocketsHttpHandler
    {
        UseProxy = false,
        ConnectCallback = async (context, cancellationToken) =>
        {
            var socket = new Socket(
                SocketType.Stream, ProtocolType.Tcp);
            socket.Bind(new IPEndPoint(IPAddress.Parse(source), 0));
            await socket.ConnectAsync(context.DnsEndPoint, cancellationToken);
            return new NetworkStream(socket, ownsSocket: true);
        },
    })
    {
        BaseAddress = address,
        Timeout = TestTime.Limit,
    };
}
