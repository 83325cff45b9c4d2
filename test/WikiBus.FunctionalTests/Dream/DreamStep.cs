using System.Text.Json;
using WikiBus.FunctionalTests.Infrastructure;

namespace WikiBus.FunctionalTests.Dream;

/// <summary>
/// One line of <c>dream-probes.jsonl</c>: a request to Dream, its answer, and what recipients got. The texts have
/// placeholders.
/// </summary>
/// <param name="Scenario">The steps of a scenario follow each other, on a fresh service.</param>
/// <param name="Number">Its number in the scenario, from 0.</param>
/// <param name="Request">The request; null: something else was done, such as a restart of the service.</param>
/// <param name="Response">Its answer.</param>
/// <param name="Deliveries">What recipients got, and what they answered.</param>
internal sealed record DreamStep(
    string Scenario, int Number, DreamMessage? Request, DreamResponse? Response,
    IReadOnlyList<DreamDelivery> Deliveries)
{
    private const string Hasty = "failure count: a slow recipient gets events in parallel";

    /// <summary>A service that was started, and its configuration; null: none was.</summary>
    public JsonElement? Setup { get; init; }

    public override string ToString() => $"{Scenario} {Number}";

    /// <summary>Does it publish an event?</summary>
    public bool Publishes => Request?.Path == "{{BASE}}/publish";

    public bool Is(string scenario, params int[] numbers) => Scenario == scenario && numbers.Contains(Number);

    /// <summary>The same step with another answer.</summary>
    public DreamStep Answered(Func<DreamResponse, DreamResponse> change) => this with { Response = change(Response!) };

    public static ILookup<string, DreamStep> ReadAll(string file = "dream-probes.jsonl") =>
        Recordings.Read(file).Select(Read).GroupBy(static step => step.Scenario)
            .SelectMany(static steps => steps.Key == Hasty ? Distribute([.. steps]) : steps)
            .ToLookup(static step => step.Scenario);

    // Its last step lists the deliveries of all, since nobody waited between the steps.
    private static IEnumerable<DreamStep> Distribute(List<DreamStep> steps) => steps.Select(step => step with
    {
        Deliveries =
        [
            .. steps[^1].Deliveries.Where(one => one.Request.Header("X-Dream-Event-Id")
                == (step.Request?.Header("X-Dream-Event-Id") ?? "none")),
        ],
    });

    /// <summary>The same step with other deliveries.</summary>
    public DreamStep Delivered(Func<DreamDelivery, IEnumerable<DreamDelivery>> change) =>
        this with { Deliveries = [.. Deliveries.SelectMany(change)] };

    private static DreamStep Read(JsonElement line) => new(
        line.GetProperty("scenario").GetString()!,
        line.GetProperty("step").GetInt32(),
        line.TryGetProperty("request", out var request) ? ReadMessage(request) : null,
        line.TryGetProperty("response", out var response)
            ? new DreamResponse(
                response.GetProperty("status").GetInt32(), ReadHeaders(response), TextOf(response) ?? "")
            : null,
        line.TryGetProperty("deliveries", out var deliveries)
            ? [
                .. deliveries.EnumerateArray().Select(static delivery => new DreamDelivery(
                    delivery.GetProperty("recipient").GetString()!, ReadMessage(delivery.GetProperty("request")),
                    delivery.GetProperty("answered"))),
            ]
            : [])
    {
        Setup = line.TryGetProperty("setup", out var setup) ? setup.Clone() : null,
    };

    private static DreamMessage ReadMessage(JsonElement message) => new(
        message.GetProperty("method").GetString()!,
        message.GetProperty("path").GetString()!,
        message.GetProperty("query").GetString() ?? "",
        ReadHeaders(message),
        TextOf(message),
        message.TryGetProperty("body_base64", out var bytes) ? bytes.GetBytesFromBase64() : null);

    private static List<(string Name, string Value)> ReadHeaders(JsonElement message) =>
        message.GetProperty("headers").EnumerateArray()
            .Select(static pair => (pair[0].GetString()!, pair[1].GetString()!)).ToList();

    private static string? TextOf(JsonElement message) =>
        message.TryGetProperty("body", out var body) ? body.GetString() : null;
}

/// <summary>A recorded request to a recipient.</summary>
/// <param name="Recipient">The letter of the recipient.</param>
/// <param name="Request">What it got.</param>
/// <param name="Answered">What it answered: a status, <c>"hangup"</c>, or an object.</param>
internal sealed record DreamDelivery(string Recipient, DreamMessage Request, JsonElement Answered);
