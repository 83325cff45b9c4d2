using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using WikiBus.FunctionalTests.Infrastructure;

namespace WikiBus.FunctionalTests.Catalog;

public sealed class SchemaEndpointTests(ServerFixture fixture) : IClassFixture<ServerFixture>
{
    [Theory]
    [InlineData("*/*", "application/schema+json")]
    [InlineData("application/json", "application/schema+json")]
    [InlineData("text/html, */*;q=0.1", "application/schema+json")]
    [InlineData("application/yaml", "application/yaml")]
    [InlineData("text/yaml;q=0.9, application/json;q=0.5", "application/yaml")]
    [InlineData("text/yaml;q=0.5, application/json", "application/schema+json")]
    public async Task Schema_IsSentInTheRequestedForm(string accept, string type)
    {
        using var response = await GetAsync("/v1/schemas/mediawiki/page/move/1.0.0", accept);
        response.StatusCode.ShouldBe(HttpStatusCode.OK);
        response.Content.Headers.ContentType!.MediaType.ShouldBe(type);
        response.Headers.Vary.ShouldBe(["Accept"]);
        var text = await response.Content.ReadAsStringAsync(TestTime.Token());
        if (type == "application/yaml")
        {
            text.ShouldStartWith("title: mediawiki/page/move\n");
        }
        else
        {
            using var schema = JsonDocument.Parse(text);
            schema.RootElement.GetProperty("$id").GetString().ShouldBe("/mediawiki/page/move/1.0.0");
        }
    }

    [Fact]
    public async Task SchemaThatDidNotChange_IsNotSentAgain()
    {
        using var first = await GetAsync("/v1/schemas/test/event/1.0.0", "*/*");
        using var again = await GetAsync("/v1/schemas/test/event/1.0.0", "*/*", first.Headers.ETag);
        again.StatusCode.ShouldBe(HttpStatusCode.NotModified);
        using var yaml = await GetAsync("/v1/schemas/test/event/1.0.0", "application/yaml", first.Headers.ETag);
        yaml.StatusCode.ShouldBe(HttpStatusCode.OK);
        first.Headers.CacheControl!.MaxAge.ShouldBe(TimeSpan.FromMinutes(5));
    }

    [Theory]
    [InlineData("/v1/schemas/no/such/1.0.0")]
    [InlineData("/v1/schemas/")]
    [InlineData("/v1/schemas/test/event/..%2f..%2f..%2fetc/hostname")]
    [InlineData("/v1/schemas/http://127.0.0.1:1/a")]
    public async Task UnknownSchema_IsAProblem(string path)
    {
        using var response = await GetAsync(path, "*/*");
        response.StatusCode.ShouldBe(HttpStatusCode.NotFound);
        using var problem = JsonDocument.Parse(await response.Content.ReadAsStringAsync(TestTime.Token()));
        problem.RootElement.GetProperty("type").GetString().ShouldBe("not_found");
    }

    private async Task<HttpResponseMessage> GetAsync(string path, string accept, EntityTagHeaderValue? known = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        request.Headers.TryAddWithoutValidation("Accept", accept);
        if (known is not null)
        {
            request.Headers.IfNoneMatch.Add(known);
        }

        return await fixture.Server.Client.SendAsync(request, TestTime.Token());
    }
}
