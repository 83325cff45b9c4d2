using System.Text.Json;
using Spectre.Console;
using WikiBus.Server.Commands.Client;
using WikiBus.Server.Hosting;

namespace WikiBus.Server.Commands.DeadLetters;

/// <summary>Sends the requests of <c>wikibus deadletters</c>, and shows their answers.</summary>
internal static class DeadLetterCalls
{
    private const string Path = "v1/dead-letters";

    public static Task<int> ListAsync(
        BusClient client, IReadOnlyList<(string Name, string? Value)> filter, long limit,
        CancellationToken cancellationToken) =>
        PagedList.WriteAsync(client, QueryPath.Of(Path, filter), limit, Table, Cells, cancellationToken);

    public static async Task<int> ShowAsync(BusClient client, string id, CancellationToken cancellationToken)
    {
        using var answer = await client.AskAsync(
            HttpMethod.Get, $"{Path}/{Uri.EscapeDataString(id)}", content: null, cancellationToken);
        JsonDocumentOutput.Write(answer.RootElement);
        return ExitCodes.Done;
    }

    /// <summary>Sends them again. It fails if there was no room for all of them.</summary>
    public static async Task<int> ReplayAsync(
        BusClient client, DeadLetterChoice choice, CancellationToken cancellationToken)
    {
        long left = 0;
        foreach (var (path, id) in choice.Requests("/replay"))
        {
            using var answer = await client.AskAsync(HttpMethod.Post, path, content: null, cancellationToken);
            Terminal.Say($"{What(id, answer, "replayed")} sent again");
            left += answer.RootElement.GetProperty("left").GetInt64();
        }

        if (left == 0)
        {
            return ExitCodes.Done;
        }

        Terminal.Say($"{Terminal.Count(left, "dead letter")} left: as many deliveries wait as the server allows");
        return ExitCodes.Failed;
    }

    public static async Task<int> DropAsync(
        BusClient client, DeadLetterChoice choice, CancellationToken cancellationToken)
    {
        foreach (var (path, id) in choice.Requests())
        {
            using var answer = await client.AskAsync(HttpMethod.Delete, path, content: null, cancellationToken);
            Terminal.Say($"{What(id, answer, "dropped")} dropped");
        }

        return ExitCodes.Done;
    }

    private static string What(string? id, JsonDocument answer, string member) => id is null
        ? Terminal.Count(answer.RootElement.GetProperty(member).GetInt64(), "dead letter")
        : $"dead letter {id}";

    private static Table Table() =>
        PagedList.TableOf("dead letter", "subscription", "record", "attempts", "died (UTC)", "last error");

    private static IEnumerable<string> Cells(JsonElement item)
    {
        yield return PagedList.Text(item, "id");
        yield return PagedList.Text(item, "subscription");
        yield return PagedList.Text(item, "record");
        yield return PagedList.Text(item, "attempts");
        yield return Terminal.Time(item.GetProperty("deadAt"));
        yield return PagedList.Text(item.GetProperty("lastError"), "message");
    }
}
