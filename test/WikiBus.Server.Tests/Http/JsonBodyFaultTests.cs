using System.Text.Json;
using WikiBus.Server.Access.Keys;
using WikiBus.Server.Http;
using WikiBus.Server.Webhooks.Definitions;

namespace WikiBus.Server.Tests.Http;

/// <summary>What the caller of a route hears about a JSON body that cannot be read.</summary>
public sealed class JsonBodyFaultTests
{
    [Theory]
    [InlineData("", "The body is no JSON: the fault is in line 1, at byte 1.")]
    [InlineData("{\"url\":\n 'x'}", "The body is no JSON: the fault is in line 2, at byte 2.")]
    [InlineData("[]", "The body has to be a JSON object.")]
    [InlineData("7", "The body has to be a JSON object.")]
    [InlineData("""{"colour":"secret"}""", "colour: there is no such member; id, url, streams, wikis, channel, *")]
    [InlineData("""{"a\nb":1}""", "a\ufffdb: there is no such member; *")]
    [InlineData("""{"streams":"secret"}""", "streams: a list of texts is allowed.")]
    [InlineData("""{"streams":["a",["secret"]]}""", "streams: a list of texts is allowed.")]
    [InlineData("""{"filter":7}""", "filter: a text or a list of texts is allowed.")]
    [InlineData("""{"start":true}""", "start: a text or a whole number is allowed.")]
    [InlineData("""{"timeout":30}""", "timeout: a text is allowed.")]
    [InlineData("""{"concurrency":"3"}""", "concurrency: a whole number is allowed.")]
    [InlineData("""{"headers":["secret"]}""", "headers: an object of texts is allowed.")]
    [InlineData("""{"headers":{"X-A":7}}""", "headers: an object of texts is allowed.")]
    [InlineData("""{"order":"key","order":"none"}""", "order: a name is there twice.")]
    [InlineData("""{"headers":{"X-A":"1","X-A":"2"}}""", "headers: a name is there twice.")]
    public void WrongBody_NamesTheMemberAndWhatIsAllowed(string body, string fault)
    {
        var type = WebhookJson.Default.WebhookRequest;
        var exception = Should.Throw<JsonException>(() => JsonSerializer.Deserialize(body, type));

        JsonBodyFault.Of(exception, type).ShouldMatch($"^{fault.Replace("*", ".*", StringComparison.Ordinal)}$");
    }

    [Fact]
    public void OtherNumbers_AreNumbers()
    {
        var type = AccessJson.Default.RotateRequest;
        var exception = Should.Throw<JsonException>(
            () => JsonSerializer.Deserialize("""{"overlapSeconds":"1 h"}""", type));

        JsonBodyFault.Of(exception, type).ShouldBe("overlapSeconds: a number is allowed.");
    }
}
