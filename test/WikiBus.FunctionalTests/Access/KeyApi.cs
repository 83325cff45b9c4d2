using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using WikiBus.FunctionalTests.Infrastructure;

namespace WikiBus.FunctionalTests.Access;

/// <summary>Calls the key API of a server, and its other routes with a key.</summary>
internal static class KeyApi
{
    /// <summary>The key that the server wrote at its first start.</summary>
    public static string AdminKey(RunningServer server) =>
        File.ReadAllText(Path.Combine(server.DataDirectory, "admin.key")).Trim();

    /// <summary>Makes a key, and returns its secret.</summary>
    public static async Task<string> CreateAsync(RunningServer server, string body)
    {
        using var response = await SendAsync(server, HttpMethod.Post, "/v1/keys", AdminKey(server), body);
        ((int)response.StatusCode).ShouldBe(201);
        return (await ReadAsync(response)).GetProperty("secret").GetString()!;
    }

    /// <summary>Sends a request, with a key as the bearer token unless it is null.</summary>
    public static async Task<HttpResponseMessage> SendAsync(
        RunningServer server, HttpMethod method, string path, string? key, string? body = null,
        params (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(method, path);
        request.Headers.Authorization = key is null ? null : new AuthenticationHeaderValue("Bearer", key);
        request.Content = body is null ? null : new StringContent(body, Encoding.UTF8, "application/json");
        foreach (var (name, value) in headers)
        {
            request.Headers.TryAddWithoutValidation(name, value);
        }

        return await server.Client.SendAsync(request, TestTime.Token());
    }

    /// <summary>Sends a request like <see cref="SendAsync"/>, and returns the status.</summary>
    public static async Task<int> StatusAsync(
        RunningServer server, HttpMethod method, string path, string? key, string? body = null,
        params (string Name, string Value)[] headers)
    {
        using var response = await SendAsync(server, method, path, key, body, headers);
        return (int)response.StatusCode;
    }

    public static async Task<JsonElement> ReadAsync(HttpResponseMessage response)
    {
        using var document = JsonDocument.Parse(await response.Content.ReadAsByteArrayAsync(TestTime.Token()));
        return document.RootElement.Clone();
    }

    /// <summary>An event of a stream and wiki that the built-in schemas accept.</summary>
    public static string Event(string stream = "test.event", string domain = "test.wiki.example.org") =>
        $$$"""{"$schema":"/test/event/1.0.0","meta":{"stream":"{{{stream}}}","domain":"{{{domain}}}"},"test":"x"}""";
}
