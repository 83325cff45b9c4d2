using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using WikiBus.FunctionalTests.Access;
using WikiBus.FunctionalTests.Infrastructure;
using WikiBus.FunctionalTests.Streaming;

namespace WikiBus.FunctionalTests.Webhooks;

/// <summary>Signing secrets and the values of headers appear nowhere but in the answers that make them.</summary>
public sealed class SecrecyTests
{
    private const string FirstKey = "first-signing-key-abcdef";
    private const string SecondKey = "second-signing-key-ghijk";
    private const string HeaderValue = "hidden-value-of-a-header";

    [Fact]
    public async Task Secrets_AreInNoOtherAnswer_InNoLogLine_AndInNoDump()
    {
        await using var server = await RunningServer.StartAsync(
            ("Logging:LogLevel:Default", "Debug"), ("Logging:LogLevel:Microsoft", "Debug"));
        await using var receiver = await WebhookReceiver.StartAsync(static async (context, _) =>
        {
            context.Response.StatusCode = 500;
            await context.Response.WriteAsync($"You sent {context.Request.Headers.Authorization}");
        });
        await UseAsync(server, receiver);

        await ShowNoSecretAsync(server, "");
        foreach (var path in await ReadablePathsAsync(server))
        {
            await ShowNoSecretAsync(server, path);
        }

        foreach (var detail in (string[])["?secret=x", "/no-such"])
        {
            await ShowNoSecretAsync(server, $"{SubscriptionApi.Path}{detail}");
        }

        server.Errors.Lines.ShouldContain(static line => line.StartsWith("Debug", StringComparison.Ordinal));
        Check(string.Join('\n', server.Errors.Lines), "the log");
        await server.StopAsync();
        Check(string.Join('\n', server.Errors.Lines), "the log");
        var dump = await WikiBusBinary.RunAsync(["log", "dump", "--data", server.DataDirectory]);
        dump.ExitCode.ShouldBe(0, dump.Error);
        Check(dump.Output, "wikibus log dump");
    }

    /// <summary>Creates, fails to create, replaces, rotates, tests and delivers.</summary>
    private static async Task UseAsync(RunningServer server, WebhookReceiver receiver)
    {
        var body = SubscriptionApi.Body(
            receiver.Url,
            $$$"""
            {"id":"s","secret":"{{{Secret(FirstKey)}}}","headers":{"Authorization":"Bearer {{{HeaderValue}}}"}}
            """);
        (await SubscriptionApi.CallAsync(server, HttpMethod.Post, "", 201, body)).Text("secret")
            .ShouldBe(Secret(FirstKey));
        foreach (var wrong in (string[])["\"order\":\"x\"", "\"start\":\"x\"", "\"x\":1", "\"secret\":1"])
        {
            Check(await SubscriptionApi.CallAsync(
                server, HttpMethod.Post, "", 400, body.Replace("\"id\":\"s\"", wrong, StringComparison.Ordinal)));
        }

        Check(await SubscriptionApi.CallAsync(server, HttpMethod.Post, "", 200, body));
        Check(await SubscriptionApi.CallAsync(server, HttpMethod.Put, "/s", 200, body));
        await TestEvents.AppendAsync(server, "a.event", 0);
        await SubscriptionApi.WaitAsync(server, "s", static one => one.GetProperty("waiting").GetInt32() == 1);
        Check(await SubscriptionApi.CallAsync(server, HttpMethod.Post, "/s/test", 200));
        var rotated = (await SubscriptionApi.CallAsync(
            server, HttpMethod.Post, "/s/rotate", 200, $$"""{"secret":"{{Secret(SecondKey)}}"}""")).GetRawText();
        rotated.ShouldContain(Secret(SecondKey));
        Check(rotated.Replace(Secret(SecondKey), "", StringComparison.Ordinal), "the answer to rotate");
        Check(await SubscriptionApi.CallAsync(
            server, HttpMethod.Post, "/s/rotate", 400, $$"""{"secret":"{{Secret(SecondKey)}}"}"""));
        foreach (var operation in (string[])["pause", "resume", "resume?from=now"])
        {
            Check(await SubscriptionApi.CallAsync(server, HttpMethod.Post, $"/s/{operation}", 200));
        }
    }

    /// <summary>All paths that the OpenAPI document says can be read, with ids that exist.</summary>
    private static async Task<List<string>> ReadablePathsAsync(RunningServer server)
    {
        using var response = await KeyApi.SendAsync(server, HttpMethod.Get, "/?spec", KeyApi.AdminKey(server));
        var paths = (await KeyApi.ReadAsync(response)).GetProperty("paths").EnumerateObject()
            .Where(static path => path.Value.TryGetProperty("get", out _)).Select(static path => path.Name).ToList();
        paths.ShouldContain("/v1/subscriptions/{id}/deliveries");
        return [.. paths.Select(static path => path switch
        {
            "/v1/why" => $"{path}?record=0&subscription=s",
            "/v2/stream/{streams}" => "/v2/stream/a.event?since=2020-01-01&until=2020-01-02",
            _ => path.Replace("{id}", "s", StringComparison.Ordinal)
                .Replace("{streams}", "a.event", StringComparison.Ordinal)
                .Replace("{uri}", "test/event/1.0.0", StringComparison.Ordinal),
        })];
    }

    private static async Task ShowNoSecretAsync(RunningServer server, string path)
    {
        using var response = await KeyApi.SendAsync(
            server, HttpMethod.Get, path, KeyApi.AdminKey(server), body: null, ("Accept", "*/*"));
        ((int)response.StatusCode).ShouldBeLessThan(500, path);
        Check(response.Headers + await response.Content.ReadAsStringAsync(TestTime.Token()), path);
    }

    private static void Check(JsonElement answer) => Check(answer.GetRawText(), answer.GetRawText());

    private static void Check(string text, string place)
    {
        foreach (var secret in (string[])[FirstKey, SecondKey, HeaderValue])
        {
            text.ShouldNotContain(secret, Case.Insensitive, place);
            text.ShouldNotContain(Secret(secret)["whsec_".Length..], Case.Insensitive, place);
        }
    }

    private static string Secret(string key) => $"whsec_{Convert.ToBase64String(Encoding.ASCII.GetBytes(key))}";
}
