using System.Net.Http.Json;
using System.Text.Json;
using WikiBus.FunctionalTests.Access;
using WikiBus.FunctionalTests.Infrastructure;

namespace WikiBus.FunctionalTests.Catalog;

public sealed class StreamConfigurationTests
{
    [Fact]
    public async Task WithAConfiguration_OnlyItsStreamsAreAccepted()
    {
        using var directory = new TestDirectory();
        var path = directory.Combine("streams.yaml");
        await File.WriteAllTextAsync(
            path, "streams:\n  /^own\\./:\n    schema_title: test/event\n", TestTime.Token());
        await using var server = await RunningServer.StartAsync(("Streams:Source", path));

        (await PostAsync(server, "own.news")).ShouldBe(201);
        (await PostAsync(server, "test.event")).ShouldNotBe(201);
        var config = await ConfigAsync(server, "own.news");
        config.GetProperty("own.news").GetProperty("schema_title").GetString().ShouldBe("test/event");
    }

    [Fact]
    public async Task Configuration_IsReadAgain_WithoutARestart()
    {
        using var directory = new TestDirectory();
        var path = directory.Combine("streams.json");
        await File.WriteAllTextAsync(path, """{"a":{"schema_title":"test/event"}}""", TestTime.Token());
        await using var server = await RunningServer.StartAsync(("Streams:Source", path));
        (await ConfigAsync(server, "after")).TryGetProperty("after", out _).ShouldBeFalse();

        await File.WriteAllTextAsync(path, """{"after":{"schema_title":"test/event"}}""", TestTime.Token());
        var limit = TestTime.Token();
        while (!(await ConfigAsync(server, "after")).TryGetProperty("after", out _))
        {
            limit.ThrowIfCancellationRequested();
        }

        (await PostAsync(server, "after")).ShouldBe(201);
        (await PostAsync(server, "a")).ShouldNotBe(201);
    }

    private static Task<JsonElement> ConfigAsync(RunningServer server, string stream) =>
        server.Client.GetFromJsonAsync<JsonElement>($"/v1/stream-configs/{stream}", TestTime.Token());

    private static Task<int> PostAsync(RunningServer server, string stream) =>
        KeyApi.StatusAsync(server, HttpMethod.Post, "/v1/events", key: null, KeyApi.Event(stream));
}
