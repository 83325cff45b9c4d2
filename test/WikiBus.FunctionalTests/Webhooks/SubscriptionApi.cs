using System.Text.Json;
using System.Text.Json.Nodes;
using WikiBus.FunctionalTests.Access;
using WikiBus.FunctionalTests.Infrastructure;

namespace WikiBus.FunctionalTests.Webhooks;

/// <summary>Calls the routes of subscriptions, with the admin key unless a test has another one.</summary>
internal static class SubscriptionApi
{
    public const string Secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
    public const string Path = "/v1/subscriptions";

    /// <summary>The body of a request for a subscription to a receiver.</summary>
    /// <param name="url">The receiver.</param>
    /// <param name="more">Other members, as JSON.</param>
    public static string Body(string url, string more = "{}")
    {
        var body = JsonNode.Parse(more)!.AsObject();
        body["url"] ??= url;
        return body.ToJsonString();
    }

    /// <summary>Creates a subscription, and returns the answer.</summary>
    public static async Task<JsonElement> CreateAsync(
        RunningServer server, string url, string more = "{}", string? key = null) =>
        await CallAsync(server, HttpMethod.Post, "", 201, Body(url, more), key);

    /// <summary>Sends a request that is answered with a status, and returns the answer.</summary>
    public static async Task<JsonElement> CallAsync(
        RunningServer server, HttpMethod method, string path, int status, string? body = null, string? key = null,
        params (string Name, string Value)[] headers)
    {
        using var response = await KeyApi.SendAsync(
            server, method, Path + path, key ?? KeyApi.AdminKey(server), body, headers);
        var text = await response.Content.ReadAsStringAsync(TestTime.Token());
        ((int)response.StatusCode).ShouldBe(status, text);
        return JsonDocument.Parse(text).RootElement.Clone();
    }

    public static Task<JsonElement> GetAsync(RunningServer server, string id, string? key = null) =>
        CallAsync(server, HttpMethod.Get, $"/{id}", 200, key: key);

    /// <summary>Asks for the subscription until it is as wanted.</summary>
    public static async Task<JsonElement> WaitAsync(RunningServer server, string id, Func<JsonElement, bool> condition)
    {
        var limit = TestTime.Token();
        while (true)
        {
            var found = await GetAsync(server, id);
            if (condition(found))
            {
                return found;
            }

            await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System, limit);
        }
    }

    public static string Text(this JsonElement element, string name) => element.GetProperty(name).GetString()!;

    /// <summary>Is the subscription down for this reason?</summary>
    public static bool IsDown(this JsonElement subscription, string reason) =>
        subscription.Text("state") == "down" && subscription.Text("reason") == reason;

    /// <summary>The detail of a problem.</summary>
    public static string Detail(this JsonElement problem) => problem.Text("detail");

    /// <summary>Makes a key with the role <c>subscribe</c>, and returns its secret.</summary>
    public static Task<string> SubscriberAsync(RunningServer server, string id, string more = "{}")
    {
        var body = JsonNode.Parse(more)!.AsObject();
        body["id"] = id;
        body["roles"] ??= new JsonArray("subscribe", "read");
        body["networks"] ??= new JsonArray("127.0.0.0/8");
        return KeyApi.CreateAsync(server, body.ToJsonString());
    }
}
