using System.Net;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using WikiBus.Events;
using WikiBus.FunctionalTests.Infrastructure;

namespace WikiBus.FunctionalTests.Intake;

/// <summary>All requests that a real MediaWiki with the EventBus extension posted, in order.</summary>
public sealed class RecordedTrafficTests
{
    private const string Recording = "mediawiki-capture.jsonl";

    // PHP's json_encode does not escape these, so a test that removes a member must not escape them either.
    private static readonly JsonSerializerOptions s_likePhp =
        new() { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    [Fact]
    public async Task RecordedRequests_AreStoredInOrderByteForByte_AndRepeatingStoresNothing()
    {
        var bodies = Bodies();
        await using var server = await RunningServer.StartAsync();

        await PostAllAsync(server, bodies);
        var records = StoredRecords.Read(server);

        records.Select(static record => record.Payload).ShouldBe(bodies.SelectMany(EventsOf));
        ShouldHaveConsistentOffsets(records);
        VerifySignatures(records).ShouldBeGreaterThan(0);

        var end = StoredRecords.End(server);
        await PostAllAsync(server, bodies);
        StoredRecords.End(server).ShouldBe(end);
    }

    [Fact]
    public async Task RequestsOfMediaWiki145_GetDtAsTheLastMemberOfMeta_AndJobsStayAsTheyAre()
    {
        var bodies = Bodies().ConvertAll(
            static body => "[" + string.Join(',', EventsOf(body).Select(WithoutTime)) + "]");
        await using var server = await RunningServer.StartAsync();

        await PostAllAsync(server, bodies);
        var records = StoredRecords.Read(server);

        var sent = bodies.SelectMany(EventsOf).ToList();
        records.Count.ShouldBe(sent.Count);
        VerifySignatures(records).ShouldBeGreaterThan(0);
        foreach (var (record, posted) in records.Zip(sent))
        {
            ShouldBeFilled(record, posted);
        }
    }

    private static void ShouldBeFilled(StoredRecord record, string posted)
    {
        if (posted.Contains("\"mediawiki_signature\"", StringComparison.Ordinal))
        {
            record.Payload.ShouldBe(posted);
            return;
        }

        record.Payload[record.MetaEnd].ShouldBe('}');
        using var stored = JsonDocument.Parse(record.Payload);
        var dt = stored.RootElement.GetProperty("meta").EnumerateObject().Last();
        dt.Name.ShouldBe("dt");
        DateTimeOffset.Parse(dt.Value.GetString()!, System.Globalization.CultureInfo.InvariantCulture)
            .ShouldBeInRange(DateTimeOffset.UnixEpoch, DateTimeOffset.MaxValue);
        record.Payload.Replace($",\"dt\":{dt.Value.GetRawText()}", "", StringComparison.Ordinal).ShouldBe(posted);
    }

    private static void ShouldHaveConsistentOffsets(List<StoredRecord> records)
    {
        var next = new Dictionary<string, long>(StringComparer.Ordinal);
        foreach (var record in records)
        {
            record.Offset.ShouldBe(next.GetValueOrDefault(record.Stream));
            next[record.Stream] = record.Offset + 1;
        }
    }

    private static int VerifySignatures(List<StoredRecord> records)
    {
        var count = 0;
        foreach (var record in records.Where(static record => BuiltInStreams.IsJob(record.Stream)))
        {
            JobSignature.Verify(Encoding.UTF8.GetBytes(record.Payload), Recordings.SecretKey)
                .ShouldBeTrue(record.Payload);
            count++;
        }

        return count;
    }

    private static async Task PostAllAsync(RunningServer server, IReadOnlyList<string> bodies)
    {
        foreach (var body in bodies)
        {
            using var content = new StringContent(body, Encoding.UTF8, "application/json");
            using var response = await server.Client.PostAsync("/v1/events", content, TestTime.Token());
            response.StatusCode.ShouldBe(
                HttpStatusCode.Created, $"{body}\n{await response.Content.ReadAsStringAsync(TestTime.Token())}");
        }
    }

    /// <summary>The form that MediaWiki sends from 1.45 on: without <c>meta.dt</c>, also in signed jobs.</summary>
    private static string WithoutTime(string posted)
    {
        var changed = JsonNode.Parse(posted)!.AsObject();
        changed["meta"]!.AsObject().Remove("dt");
        if (changed.Remove("mediawiki_signature"))
        {
            var unsigned = Encoding.UTF8.GetBytes(changed.ToJsonString(s_likePhp));
            changed["mediawiki_signature"] = JobSignature.Sign(unsigned, Recordings.SecretKey);
        }

        return changed.ToJsonString(s_likePhp);
    }

    private static List<string> Bodies() =>
        Recordings.Read(Recording).ConvertAll(static request => request.GetProperty("body").GetString()!);

    private static IEnumerable<string> EventsOf(string body)
    {
        using var document = JsonDocument.Parse(body);
        foreach (var posted in document.RootElement.EnumerateArray())
        {
            yield return posted.GetRawText();
        }
    }
}
