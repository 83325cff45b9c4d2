using System.Text.Json;
using WikiBus.Server.Commands.Client;
using WikiBus.Server.Hosting;
using WikiBus.Server.Http;

namespace WikiBus.Server.Commands.Subscriptions;

/// <summary>Sends the requests of <c>wikibus subscriptions</c>, and shows their answers.</summary>
internal static class SubscriptionCalls
{
    /// <summary>Sends an object. The answer, which may have a new secret, goes to standard output as JSON.</summary>
    public static async Task<int> CreateAsync(
        BusClient client, string path, Action<Utf8JsonWriter> write, CancellationToken cancellationToken)
    {
        using var content = JsonBody.Of(write);
        using var answer = await client.AskAsync(HttpMethod.Post, path, content, cancellationToken);
        var id = answer.RootElement.GetProperty("id");
        var done = $"The subscription {id} is valid";
        if (!SecretAnswer.Write(answer.RootElement, done, $"wikibus subscriptions rotate {id}"))
        {
            Terminal.Say($"the subscription {id} was there already, as it should be; its secret is not shown again");
        }

        return ExitCodes.Done;
    }

    /// <summary>Replaces a subscription by an object. The answer goes to standard output as JSON.</summary>
    public static async Task<int> ReplaceAsync(
        BusClient client, string path, Action<Utf8JsonWriter> write, CancellationToken cancellationToken)
    {
        using var content = JsonBody.Of(write);
        using var answer = await client.AskAsync(HttpMethod.Put, path, content, cancellationToken);
        Terminal.WriteLine(answer.RootElement.GetRawText());
        return ExitCodes.Done;
    }

    public static async Task<int> ShowAsync(BusClient client, string path, CancellationToken cancellationToken)
    {
        using var answer = await client.AskAsync(HttpMethod.Get, path, content: null, cancellationToken);
        JsonDocumentOutput.Write(answer.RootElement);
        return ExitCodes.Done;
    }

    /// <summary>Changes a state. The answer goes to standard output as JSON, a sentence to standard error.</summary>
    public static async Task<int> OperateAsync(
        BusClient client, string path, HttpContent? content, Func<JsonElement, string> sentence,
        CancellationToken cancellationToken)
    {
        using var answer = await client.AskAsync(HttpMethod.Post, path, content, cancellationToken);
        Terminal.WriteLine(answer.RootElement.GetRawText());
        Terminal.Say(sentence(answer.RootElement));
        return ExitCodes.Done;
    }

    public static async Task<int> ReplayAsync(
        BusClient client, string path, string id, string from, string? to, CancellationToken cancellationToken)
    {
        using var content = JsonBody.Of(writer =>
        {
            JsonBody.WriteText(writer, "from", from);
            JsonBody.WriteText(writer, "to", to);
        });
        return await OperateAsync(
            client, path, content,
            answer => $"the subscription {id} replays {Positions(answer)}; wikibus subscriptions show has the progress",
            cancellationToken);
    }

    public static async Task<int> CancelReplayAsync(
        BusClient client, string path, string id, CancellationToken cancellationToken)
    {
        await DropAsync(
            client, path, dropped => $"the replay of {id} has ended; {dropped} dropped", cancellationToken);
        return ExitCodes.Done;
    }

    public static async Task<int> DeleteAsync(
        BusClient client, string path, string id, CancellationToken cancellationToken)
    {
        await DropAsync(
            client, path, dropped => $"the subscription {id} is deleted; {dropped} dropped", cancellationToken);
        return ExitCodes.Done;
    }

    /// <summary>Tells whether the recipient took the test request.</summary>
    public static async Task<int> TestAsync(BusClient client, string path, CancellationToken cancellationToken)
    {
        using var answer = await client.AskAsync(HttpMethod.Post, path, content: null, cancellationToken);
        var result = answer.RootElement;
        JsonDocumentOutput.Write(result);
        if (result.GetProperty("status") is not { ValueKind: JsonValueKind.Number } status)
        {
            Terminal.Say($"the recipient did not answer: {Echo.Printable($"{result.GetProperty("message")}")}");
            return ExitCodes.Failed;
        }

        Terminal.Say($"the recipient answered {status}");
        return status.GetInt32() is >= 200 and < 300 ? ExitCodes.Done : ExitCodes.Failed;
    }

    /// <summary>How many positions an answer names, such as <c>3 positions</c>; null: it names none.</summary>
    public static string? Positions(JsonElement answer) =>
        answer.TryGetProperty("positions", out var positions)
            ? Terminal.Count(positions.GetInt64(), "position")
            : null;

    private static async Task DropAsync(
        BusClient client, string path, Func<string, string> sentence, CancellationToken cancellationToken)
    {
        using var answer = await client.AskAsync(HttpMethod.Delete, path, content: null, cancellationToken);
        var dropped = answer.RootElement.GetProperty("dropped").GetInt64();
        Terminal.Say(sentence(dropped == 1 ? "1 waiting or dead delivery" : $"{dropped} waiting and dead deliveries"));
    }
}
