using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using WikiBus.Events;
using WikiBus.FunctionalTests.Infrastructure;
using WikiBus.Storage;

namespace WikiBus.FunctionalTests.Dream;

/// <summary>The recorded documents of Deki, from <c>publish</c> to a recipient.</summary>
public sealed class DekiEventTests
{
    private const string Roles = "\"publish\", \"read\", \"subscribe\"";

    [Fact]
    public async Task RecordedEvents_ArriveByteForByte_InAtMost52Streams()
    {
        var events = RecordedEvents();
        await using var server = await RunningServer.StartAsync();
        await using var recipient = await WebhookReceiver.StartAsync();
        var key = await DreamApi.MakeKeyAsync(server, Roles);
        var subscription = "<subscription><channel>event://*/*</channel>"
            + $"<recipient><uri>{recipient.Url}</uri></recipient></subscription>";
        await DreamApi.CreateAsync(
            server, key, "loc1", $"<a><uri.owner>http://owner/1</uri.owner>{subscription}</a>");

        await Parallel.ForAsync(0, events.Count, TestTime.Token(), async (index, _) =>
            await PublishAsync(server, key, $"e{index}", events[index]));
        var arrived = (await recipient.WaitAsync(events.Count))
            .ToDictionary(static one => one["x-dream-event-id"], StringComparer.Ordinal);
        for (var index = 0; index < events.Count; index++)
        {
            var one = arrived[$"e{index}"];
            Encoding.UTF8.GetString(one.Body).ShouldBe(events[index].Document);
            one["x-dream-event-channel"].ShouldBe(events[index].Channel);
            one.Headers.GetValueOrDefault("x-dream-event-resource-uri").ShouldBe(events[index].Resource);
            one["x-dream-event-origin-uri"].ShouldBe(string.Join(',', events[index].Origins));
            one["content-type"].ShouldBe("application/xml; charset=utf-8");
        }

        var log = server.Services.GetRequiredService<EventLog>();
        log.StreamNames.ShouldBeSubsetOf(DekiStreams.All);
        DekiStreams.All.Count.ShouldBe(52);
    }

    [Fact]
    public async Task RandomMessages_AddNoStreams()
    {
        await using var server = await RunningServer.StartAsync();
        var key = await DreamApi.MakeKeyAsync(server, Roles);
        var random = new Random(5);
        var paths = Enumerable.Range(0, 10_000).Select(index => (index % 4) switch
        {
            0 => $"deki/pages/message/{random.Next()}/{random.Next()}",
            1 => $"deki/pages/dependentschanged/x{random.Next()}",
            2 => $"deki/own{random.Next()}/create",
            _ => $"service{random.Next()}/{random.Next()}",
        }).ToList();
        await Parallel.ForAsync(0, paths.Count, TestTime.Token(), async (index, _) => await PublishAsync(
            server, key, $"m{index}",
            new DekiEvent($"event://wiki{index % 100}/{paths[index]}", null, ["http://o/1"], "<e/>")));
        var log = server.Services.GetRequiredService<EventLog>();
        log.StreamNames.Order(StringComparer.Ordinal).ShouldBe(
            ["deki.other", "deki.pages.dependentschanged", "deki.pages.message", "dream.other"]);
        log.EndPosition.ShouldBeGreaterThanOrEqualTo(10_000);
    }

    [Fact]
    public async Task SameEventTwice_IsStoredOnce_AndAnotherOneWithItsIdIsStored()
    {
        await using var server = await RunningServer.StartAsync();
        var key = await DreamApi.MakeKeyAsync(server, Roles);
        var one = new DekiEvent("event://default/deki/pages/create", "http://default/p/1", ["http://o/1"], "<e/>");
        await PublishAsync(server, key, "id-1", one);
        await PublishAsync(server, key, "id-1", one);
        StoredRecords.Read(server).Count.ShouldBe(1);
        await PublishAsync(server, key, "id-1", one with { Document = "<other/>" });
        await PublishAsync(server, key, "id-2", one);
        await PublishAsync(server, key, id: null, one);
        await PublishAsync(server, key, id: null, one);
        StoredRecords.Read(server).Count.ShouldBe(5);
    }

    [Fact]
    public async Task Record_HasWikiKeyAndHeadersOfTheEvent()
    {
        await using var server = await RunningServer.StartAsync();
        var key = await DreamApi.MakeKeyAsync(server, Roles);
        await PublishAsync(server, key, "id-1", new DekiEvent(
            "event://default/deki/pages/create", "http://default/p/1", ["http://o/1"],
            """
            <deki-event wikiid="default" event-time="2011-03-04T05:06:07Z"><channel>c</channel><pageid>5</pageid>
            </deki-event>
            """));
        var record = StoredRecords.Read(server).ShouldHaveSingleItem();
        record.Stream.ShouldBe("deki.pages.create");
        record.Id.ShouldBe("id-1");
        record.Channel.ShouldBe("event://default/deki/pages/create");
        record.Attributes["wiki"].ShouldBe("default");
        record.Attributes["resource"].ShouldBe("http://default/p/1");
        record.Attributes["origin"].ShouldBe("http://o/1");
        record.Attributes["time"].ShouldBe("2011-03-04T05:06:07Z");

        using var reader = server.Services.GetRequiredService<EventLog>().OpenReader(0);
        using var batch = new RecordBatch();
        reader.Read(batch);
        Encoding.UTF8.GetString(batch.Records[0].Key.Span).ShouldBe("default:5");
    }

    [Fact]
    public async Task EventStreams_ShowADocumentAsJson()
    {
        await using var server = await RunningServer.StartAsync();
        var key = await DreamApi.MakeKeyAsync(server, Roles);
        var recorded = RecordedEvents().Find(static one =>
            one.Channel.EndsWith("/deki/pages/create", StringComparison.Ordinal))!;
        await PublishAsync(server, key, "id-1", recorded);
        using var request = new HttpRequestMessage(
            HttpMethod.Get, "/v2/stream/deki.pages.create?since=2000-01-01T00:00:00Z");
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", key);
        using var response = await server.Client.SendAsync(
            request, HttpCompletionOption.ResponseHeadersRead, TestTime.Token());
        response.EnsureSuccessStatusCode();
        using var lines = new StreamReader(await response.Content.ReadAsStreamAsync(TestTime.Token()));
        string? line;
        do
        {
            line = await lines.ReadLineAsync(TestTime.Token());
        }
        while (line?.StartsWith("data: {", StringComparison.Ordinal) == false);

        using var shown = JsonDocument.Parse(line!["data: ".Length..]);
        shown.RootElement.GetProperty("meta").GetProperty("stream").GetString().ShouldBe("deki.pages.create");
        shown.RootElement.GetProperty("meta").GetProperty("id").GetString().ShouldBe("id-1");
        shown.RootElement.GetProperty("meta").GetProperty("uri").GetString().ShouldBe(recorded.Resource);
        shown.RootElement.GetProperty("deki").GetProperty("channel").GetString().ShouldBe(recorded.Channel);
    }

    private static List<DekiEvent> RecordedEvents() =>
    [
        .. Recordings.Read("deki-events.jsonl")
            .SelectMany(static line => line.GetProperty("events").EnumerateArray())
            .Select(static one => new DekiEvent(
                one.GetProperty("channel").GetString()!, one.GetProperty("resource").GetString(),
                [.. one.GetProperty("origins").EnumerateArray().Select(static origin => origin.GetString()!)],
                one.GetProperty("document").GetString()!)),
    ];

    private static async Task PublishAsync(RunningServer server, string key, string? id, DekiEvent @event)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, $"/pubsub/publish?apikey={key}")
        {
            Content = new ByteArrayContent(Encoding.UTF8.GetBytes(@event.Document)),
        };
        request.Content.Headers.TryAddWithoutValidation("Content-Type", "application/xml; charset=utf-8");
        Add("X-Dream-Event-Id", id);
        Add("X-Dream-Event-Channel", @event.Channel);
        Add("X-Dream-Event-Resource-Uri", @event.Resource);
        Add("X-Dream-Event-Origin-Uri", string.Join(',', @event.Origins));
        using var response = await server.Client.SendAsync(request, TestTime.Token());
        var answer = await response.Content.ReadAsStringAsync(TestTime.Token());
        response.IsSuccessStatusCode.ShouldBeTrue($"{@event.Channel}: {answer}");

        void Add(string name, string? value)
        {
            if (value is not null)
            {
                request.Headers.TryAddWithoutValidation(name, value);
            }
        }
    }

    private sealed record DekiEvent(string Channel, string? Resource, IReadOnlyList<string> Origins, string Document);
}
