using System.Text.Json;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using WikiBus.FunctionalTests.Access;
using WikiBus.FunctionalTests.Infrastructure;
using WikiBus.FunctionalTests.Streaming;
using WikiBus.Server.Dream.Answers;

namespace WikiBus.FunctionalTests.Documents;

/// <summary>The OpenAPI document at <c>/?spec</c>.</summary>
public sealed class SpecTests
{
    private static readonly (string, string)[] s_everything =
        [("Access:PublicStreams", "eventstreams"), ("Intake:TestEvents", "[]")];

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Spec_PassesAValidator(bool hasEverything)
    {
        Assert.SkipUnless(
            Directory.Exists(Path.Combine(ClientProcess.Folder, "node_modules", "@apidevtools", "swagger-parser")),
            "The npm package @apidevtools/swagger-parser is not installed (npm install in test/clients).");
        await using var server = await RunningServer.StartAsync(hasEverything ? s_everything : []);
        await using var validator = ClientProcess.Start(
            "node", "openapi-validator.js", new Uri(server.Address, "/?spec").ToString());
        (await validator.ReadLineAsync()).ShouldBe("valid");
    }

    [Fact]
    public async Task Spec_HasExactlyTheRoutesOfTheServer()
    {
        await using var server = await RunningServer.StartAsync(s_everything);
        var served = server.Services.GetServices<EndpointDataSource>().SelectMany(static source => source.Endpoints)
            .OfType<RouteEndpoint>().Where(static endpoint =>
                endpoint.RoutePattern.RawText is not ("{**path}" or "/pubsub/{**rest}"))
            .SelectMany(Routes).Append("POST /v1/events").Distinct().Order(StringComparer.Ordinal);

        var described = Operations(await ReadAsync(server))
            .Select(static operation => $"{operation.Method.ToUpperInvariant()} {operation.Path}")
            .Order(StringComparer.Ordinal);

        described.ShouldBe(served);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Answers_AreThoseOfTheSpec(bool hasKey)
    {
        await using var server = await RunningServer.StartAsync([("Access:TrustedNetworks", ""), .. s_everything]);
        var key = hasKey ? KeyApi.AdminKey(server) : null;
        await TestEvents.AppendAsync(server, "mediawiki.page-move", 1);
        var spec = await ReadAsync(server);
        var found = new List<string>();
        foreach (var (path, method, operation) in Operations(spec))
        {
            var target = path.Replace("{uri}", "test/event/1.0.0", StringComparison.Ordinal)
                .Replace("{streams}", "test.nothing,", StringComparison.Ordinal)
                .Replace("{id}", "nobody", StringComparison.Ordinal);
            using var response = await KeyApi.SendAsync(server, new HttpMethod(method), target, key, Body(path));
            var status = ((int)response.StatusCode).ToString(System.Globalization.CultureInfo.InvariantCulture);

            operation.GetProperty("responses").TryGetProperty(status, out var answer)
                .ShouldBeTrue($"{method} {path} answered {status}");
            if (response.Content.Headers.ContentType?.MediaType is { } type)
            {
                SpecComparison.Resolve(spec, answer).GetProperty("content").TryGetProperty(type, out var content)
                    .ShouldBeTrue($"{method} {path} answered {status} with {type}");
                if (type == "application/json")
                {
                    found.AddRange(SpecComparison.Differences(
                        spec, content.GetProperty("schema"), await KeyApi.ReadAsync(response),
                        $"{method} {path} {status}: answer"));
                }
            }
        }

        found.ShouldBeEmpty();
    }

    /// <summary>A body that leads to an answer with as many members as possible.</summary>
    private static string? Body(string path) => path switch
    {
        "/v1/keys" => """{"id":"nobody","roles":["read"],"streams":["a"],"wikis":["b"],"domains":["c"]}""",
        "/v1/keys/{id}" => """{"roles":["read"],"networks":["::1"],"hosts":["d"]}""",
        "/v1/keys/{id}/rotate" => "{}",
        "/v1/subscriptions" or "/v1/subscriptions/{id}" =>
            """{"id":"nobody","url":"http://127.0.0.1:1/","headers":{"x-a":"b"},"filter":"a=b","timeout":"1 s"}""",
        "/v1/subscriptions/{id}/replay" => """{"from":0}""",
        "/v1/events" => $$"""[{{KeyApi.Event()}},{"$schema":"/test/event/1.0.0","meta":{"stream":"t"},"test":1},{}]""",
        _ => null,
    };

    private static async Task<JsonElement> ReadAsync(RunningServer server)
    {
        using var document = JsonDocument.Parse(await server.Client.GetStringAsync("/?spec", TestTime.Token()));
        return document.RootElement.Clone();
    }

    private static IEnumerable<(string Path, string Method, JsonElement Operation)> Operations(JsonElement spec) =>
        from path in spec.GetProperty("paths").EnumerateObject()
        from operation in path.Value.EnumerateObject()
        select (path.Name, operation.Name, operation.Value);

    /// <summary>Methods and paths as OpenAPI writes them. HEAD goes without saying beside GET, and preflight answers
    /// are described where EventGate does.</summary>
    private static IEnumerable<string> Routes(RouteEndpoint endpoint)
    {
        var path = endpoint.RoutePattern.RawText!.Replace("{**", "{", StringComparison.Ordinal);
        string[] paths = path.EndsWith("/{streams?}", StringComparison.Ordinal)
            ? [path[..^"/{streams?}".Length], path.Replace("?}", "}", StringComparison.Ordinal)]
            : [path];
        var methods = endpoint.Metadata.GetMetadata<HttpMethodMetadata>()?.HttpMethods
            ?? endpoint.Metadata.GetMetadata<DreamMethods>()?.All ?? ["GET"];
        return from method in methods where method != "HEAD" from each in paths select $"{method} {each}";
    }
}
