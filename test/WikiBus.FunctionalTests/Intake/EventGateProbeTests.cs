using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using WikiBus.FunctionalTests.Infrastructure;
using WikiBus.Server.Intake.Settings;

namespace WikiBus.FunctionalTests.Intake;

/// <summary>
/// Repeats the recorded exchanges with EventGate, one after the other. Our answer has the same status, and lists the
/// same events in the same lists. Afterwards the log holds the same events. docs/compatibility.md lists all exceptions.
/// </summary>
public sealed class EventGateProbeTests
{
    private const int ExceptionsMax = 30;

    private const string TestEvent =
        """{"$schema":"/test/event/1.0.0","meta":{"stream":"test.event",""" +
        """ "id":"12345678-1234-5678-1234-567812345678"},"test":"from config"}""";

    [Fact]
    public async Task DefaultFactoryProbes_AgreeOrAreDocumented()
    {
        await using var server = await RunningServer.StartAsync(
            ("Intake:BodyBytesMax", "65536"),
            ("Intake:TestEvents", TestEvent),
            ("Schemas:Sources:0", Recordings.Path("eventgate-schemas/jsonschema")),
            ("Schemas:Sources:1", Recordings.Path("eventgate-schemas/jsonschema2")));
        var exceptions = CompatibilityPage.Read("## EventGate: recorded exchanges that differ");
        exceptions.Count.ShouldBeLessThanOrEqualTo(ExceptionsMax);
        await ReplayAsync(server, "eventgate-probes.jsonl", exceptions);
    }

    [Fact]
    public async Task WikimediaFactoryProbes_AgreeOrAreDocumented()
    {
        using var directory = new TestDirectory();
        var streams = directory.Combine("streams.json");
        await File.WriteAllTextAsync(
            streams,
            """
            {"streams": {
              "test.event": {"schema_title": "test/event"},
              "/^re\\.test\\..+/": {"schema_title": "test/event"},
              "eventgate.error.validation": {"schema_title": "error"},
              "empty.stream": {}
            }}
            """,
            TestTime.Token());
        await using var server = await RunningServer.StartAsync(
            ("Streams:Source", streams), ("Schemas:Sources:0", Recordings.Path("eventgate-schemas/jsonschema")));
        await ReplayAsync(
            server, "eventgate-probes-wmf2019.jsonl",
            CompatibilityPage.Read("## EventGate: recorded exchanges of the Wikimedia factory that differ"));
    }

    private static async Task ReplayAsync(
        RunningServer server, string recording, Dictionary<string, DocumentedAnswer> exceptions)
    {
        var faults = new List<string>();
        var unseen = exceptions.Keys.ToHashSet(StringComparer.Ordinal);
        foreach (var record in Recordings.Read(recording))
        {
            // The second placeholder names no server: absolute addresses are refused before anything is fetched.
            var probe = new EventGateProbe(
                record, Recordings.Path("eventgate-schemas/jsonschema"), new Uri("http://127.0.0.1:9"));
            var before = StoredRecords.End(server);
            var response = await RawHttp.SendAsync(
                server.Address, probe.Method, probe.Target, probe.Headers, probe.Body, probe.IsChunked);
            await SettleAsync(server);
            var stored = StoredRecords.Read(server, before).ConvertAll(static found => found.Payload);
            unseen.Remove(probe.Name);
            var fault = exceptions.TryGetValue(probe.Name, out var documented)
                ? Compare(documented, response, stored)
                : Compare(probe, response, stored);
            if (fault is not null)
            {
                faults.Add($"{probe.Name}: {fault}\n    answer: {response.Status} {response.Text}");
            }
        }

        faults.ShouldBeEmpty();
        unseen.ShouldBeEmpty("documented exceptions that no recording has");
    }

    // A hasty request is answered before its events are stored. The bus holds its bytes until then.
    private static async Task SettleAsync(RunningServer server)
    {
        var inFlight = server.Services.GetRequiredService<BytesInFlight>();
        var limit = TestTime.Token();
        while (inFlight.Bytes > 0)
        {
            limit.ThrowIfCancellationRequested();
            await Task.Yield();
        }
    }

    private static string? Compare(DocumentedAnswer documented, RawResponse response, List<string> stored)
    {
        var lists = Lists(response.Text);
        var actual = new DocumentedAnswer(
            response.Status, lists["invalid"].Count, lists["error"].Count, stored.Count);
        return actual == documented ? null : $"documented {documented}, but was {actual}";
    }

    private static string? Compare(EventGateProbe probe, RawResponse response, List<string> stored)
    {
        if (response.Status != probe.Status)
        {
            return $"status {probe.Status} expected";
        }

        var expected = Lists(probe.ResponseBody);
        var actual = Lists(response.Text);
        string[] compared = probe.HasCompressedResponse || !IsList(probe.ResponseBody) ? [] : ["invalid", "error"];
        foreach (var list in compared)
        {
            if (!AreSame(actual[list], expected[list]))
            {
                return $"{list} expected: {string.Join(" | ", expected[list])}";
            }
        }

        return probe.Stored is null || AreSame(stored, probe.Stored)
            ? null
            : $"stored expected: {string.Join(" | ", probe.Stored)}\n    was: {string.Join(" | ", stored)}";
    }

    // EventGate produces the events of a request concurrently, so its output has no order.
    private static bool AreSame(List<string> ours, IReadOnlyList<string> theirs)
    {
        var left = theirs.ToList();
        return ours.Count == left.Count && ours.TrueForAll(mine =>
        {
            var index = left.FindIndex(other => EventComparison.AreSame(mine, other));
            if (index >= 0)
            {
                left.RemoveAt(index);
            }

            return index >= 0;
        });
    }

    private static bool IsList(string body) =>
        body.Length == 0 || body.StartsWith("{\"invalid\"", StringComparison.Ordinal);

    private static Dictionary<string, List<string>> Lists(string body)
    {
        var lists = new Dictionary<string, List<string>>(StringComparer.Ordinal) { ["invalid"] = [], ["error"] = [] };
        if (!body.StartsWith("{\"invalid\"", StringComparison.Ordinal) &&
            !body.StartsWith("{\"error\"", StringComparison.Ordinal))
        {
            return lists;
        }

        using var document = JsonDocument.Parse(body, new JsonDocumentOptions { MaxDepth = 100_000 });
        foreach (var list in document.RootElement.EnumerateObject())
        {
            lists[list.Name].AddRange(
                list.Value.EnumerateArray().Select(static item => item.GetProperty("event").GetRawText()));
        }

        return lists;
    }
}
