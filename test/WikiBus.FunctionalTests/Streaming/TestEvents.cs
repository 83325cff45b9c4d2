using System.Globalization;
using System.Text;
using Microsoft.Extensions.DependencyInjection;
using WikiBus.FunctionalTests.Infrastructure;
using WikiBus.Storage;

namespace WikiBus.FunctionalTests.Streaming;

/// <summary>Appends events to a server's log, as intake does.</summary>
internal static class TestEvents
{
    public static string Json(string stream, int number, string domain = "en.example", string more = "") =>
        string.Create(
            CultureInfo.InvariantCulture,
            $$$"""
            {"$schema":"/test/event/1.0.0","meta":{"stream":"{{{stream}}}","domain":"{{{domain}}}",
            """)
        + string.Create(
            CultureInfo.InvariantCulture, $$$"""
            "id":"{{{stream}}}-{{{number}}}"},"n":{{{number}}}{{{more}}}}
            """);

    /// <summary>Appends one event for each number, in one request.</summary>
    public static Task AppendAsync(RunningServer server, string stream, params int[] numbers) =>
        AppendAsync(server, numbers.Select(number => (stream, Json(stream, number))).ToArray());

    public static async Task AppendAsync(RunningServer server, params (string Stream, string Json)[] events)
    {
        var log = server.Services.GetRequiredService<EventLog>();
        var result = await log.Append([.. events.Select(Draft)]).Completion.WaitAsync(TestTime.Limit);
        result.Status.ShouldBe(AppendStatus.Stored, result.Reason);
    }

    private static RecordDraft Draft((string Stream, string Json) item)
    {
        var attributes = new System.Buffers.ArrayBufferWriter<byte>();
        var domain = item.Json.Split("\"domain\":\"")[1].Split('"')[0];
        new AttributeWriter(attributes).Add("wiki", domain);
        return new RecordDraft
        {
            Stream = item.Stream,
            Payload = Encoding.UTF8.GetBytes(item.Json),
            MetaEnd = Encoding.UTF8.GetByteCount(item.Json.AsSpan(0, item.Json.IndexOf('}', StringComparison.Ordinal))),
            Channel = Encoding.UTF8.GetBytes($"event://{domain}/{item.Stream.Replace('.', '/')}"),
            Attributes = attributes.WrittenMemory,
        };
    }
}
