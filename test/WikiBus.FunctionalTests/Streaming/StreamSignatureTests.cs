using System.Text;
using System.Text.Json;
using WikiBus.Events;
using WikiBus.FunctionalTests.Infrastructure;

namespace WikiBus.FunctionalTests.Streaming;

/// <summary>A consumer of jobs can verify what it reads.</summary>
public sealed class StreamSignatureTests
{
    private const string Jobs = "mediawiki.job.null";
    private static readonly byte[] s_secret = "secret"u8.ToArray();

    [Theory]
    [InlineData(10)]
    [InlineData(200_000)]
    public async Task SignedJobs_VerifyAsTheyAreRead(int length)
    {
        await using var server = await RunningServer.StartAsync(("Streaming:WriteBytesMax", "4096"));
        string[] jobs = [Job(1, length), Job(2, length)];
        await TestEvents.AppendAsync(
            server, (Jobs, jobs[0]), (Jobs, jobs[1]), (Jobs, TestEvents.Json(Jobs, 3)));

        await using var events = await RawStream.OpenAsync(server.Address, $"/v2/stream/{Jobs}?since=0");
        await using var lines = await RawStream.GetAsync(
            server.Address, $"/v2/stream/{Jobs}?since=0", "Accept: application/json");
        (await lines.ReadLineAsync()).ShouldBeEmpty();
        foreach (var job in jobs)
        {
            var block = await events.ReadEventAsync();
            block.Data.ShouldBe(job);
            var position = await lines.ReadLineAsync();
            position.ShouldBe($"{{\"id\":{block.Id}}}");
            var line = await lines.ReadLineAsync();
            line.ShouldBe(job);
            JobSignature.Verify(Encoding.UTF8.GetBytes(line), s_secret).ShouldBeTrue();
        }

        (await events.ReadEventAsync()).Json.GetProperty("meta").GetProperty("offset").GetInt32().ShouldBe(2);
        (await lines.ReadLineAsync()).ShouldContain("\"offset\":2");
    }

    [Fact]
    public async Task FieldsAndFilters_WorkOnSignedJobs()
    {
        await using var server = await RunningServer.StartAsync();
        await TestEvents.AppendAsync(server, (Jobs, Job(1, 1)), (Jobs, Job(2, 1)));

        await using var lines = await RawStream.GetAsync(
            server.Address, $"/v2/stream/{Jobs}?since=0&fields=type&filter=params.n=2", "Accept: application/json");
        (await lines.ReadLineAsync()).ShouldBeEmpty();
        (await lines.ReadLineAsync()).ShouldStartWith("{\"id\":[{\"topic\":\"mediawiki.job.null\"");
        using var job = JsonDocument.Parse(await lines.ReadLineAsync());
        job.RootElement.EnumerateObject().Select(member => member.Name).ShouldBe(["$schema", "meta", "type"]);
        job.RootElement.GetProperty("meta").TryGetProperty("offset", out _).ShouldBeFalse();
    }

    private static string Job(int number, int length)
    {
        var text = new string('x', length);
        var unsigned =
            $$$"""
            {"$schema":"/mediawiki/job/1.0.0","meta":{"stream":"{{{Jobs}}}","domain":"w"},
            """
            + $$$"""
            "type":"null","params":{"n":{{{number}}},"text":"{{{text}}}"}}
            """;
        var signature = JobSignature.Sign(Encoding.UTF8.GetBytes(unsigned), s_secret);
        return $"{unsigned[..^1]},\"mediawiki_signature\":\"{signature}\"}}";
    }
}
