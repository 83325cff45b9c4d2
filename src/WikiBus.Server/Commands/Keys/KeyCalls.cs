using System.Text.Json;
using Spectre.Console;
using WikiBus.Server.Access.Keys;
using WikiBus.Server.Commands.Client;
using WikiBus.Server.Hosting;
using WikiBus.Server.Options;

namespace WikiBus.Server.Commands.Keys;

/// <summary>Sends the requests of <c>wikibus keys</c>, and shows their answers.</summary>
internal static class KeyCalls
{
    /// <summary>Sends an object. The key in the answer, with its secret, goes to standard output as JSON.</summary>
    public static Task<int> PostAsync(
        BusClient client, string path, Action<Utf8JsonWriter> write, CancellationToken cancellationToken) =>
        SendAsync(client, HttpMethod.Post, path, write, cancellationToken);

    /// <summary>Replaces a key by an object. The key in the answer goes to standard output as JSON.</summary>
    public static Task<int> PutAsync(
        BusClient client, string path, Action<Utf8JsonWriter> write, CancellationToken cancellationToken) =>
        SendAsync(client, HttpMethod.Put, path, write, cancellationToken);

    private static async Task<int> SendAsync(
        BusClient client, HttpMethod method, string path, Action<Utf8JsonWriter> write,
        CancellationToken cancellationToken)
    {
        using var content = JsonBody.Of(write);
        using var answer = await client.AskAsync(method, path, content, cancellationToken);
        var key = answer.RootElement;
        if (SecretAnswer.Write(key, $"The key {key.GetProperty("id")} is valid", "wikibus keys rotate")
            && Has(key, "publish"))
        {
            var secret = Uri.EscapeDataString($"{key.GetProperty("secret")}");
            Terminal.Say($"for MediaWiki: {client.Address}v1/events?apikey={secret}");
        }

        return ExitCodes.Done;
    }

    /// <summary>Shows the keys: a table on a terminal, JSON lines elsewhere.</summary>
    public static async Task<int> ListAsync(BusClient client, string path, CancellationToken cancellationToken)
    {
        using var answer = await client.AskAsync(HttpMethod.Get, path, content: null, cancellationToken);
        var keys = answer.RootElement.GetProperty("keys").EnumerateArray();
        if (!Terminal.ShowsTables)
        {
            foreach (var key in keys)
            {
                Terminal.WriteLine(key.GetRawText());
            }

            return ExitCodes.Done;
        }

        // An id on two lines could not be copied.
        var table = Terminal.TableOf("key", "roles", "limits, targets", "made (UTC)", "old secret until");
        foreach (var column in table.Columns.Skip(1))
        {
            column.NoWrap = false;
        }

        foreach (var key in keys)
        {
            table.AddRow([.. Cells(key).Select(Markup.Escape)]);
        }

        Terminal.Output().Write(table);
        return ExitCodes.Done;
    }

    public static async Task<int> RevokeAsync(
        BusClient client, string path, string id, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Delete, path);
        try
        {
            using var response = await client.SendAsync(request, cancellationToken);
            if (!response.IsSuccessStatusCode)
            {
                throw new CommandFault(await client.ExplainAsync(response, cancellationToken));
            }

            Terminal.Say($"the key {id} is revoked");
            return ExitCodes.Done;
        }
        catch (HttpRequestException exception)
        {
            throw client.Unreachable(exception);
        }
    }

    public static void WriteOverlap(Utf8JsonWriter writer, string option, string? duration)
    {
        if (duration is null)
        {
            return;
        }

        if (!OptionText.TryParse(typeof(TimeSpan), duration, out var value, out var expected))
        {
            throw new CommandFault($"{option}: '{duration}' is not allowed; {expected} is.", ExitCodes.Usage);
        }

        var seconds = ((TimeSpan)value!).TotalSeconds;
        if (seconds > KeyRules.OverlapSecondsMax)
        {
            var days = TimeSpan.FromSeconds(KeyRules.OverlapSecondsMax).TotalDays;
            throw new CommandFault(
                $"{option}: '{duration}' is not allowed; 0 to {days} days are.", ExitCodes.Usage);
        }

        writer.WriteNumber("overlapSeconds", seconds);
    }

    private static bool Has(JsonElement key, string role) =>
        key.TryGetProperty("roles", out var roles) && roles.EnumerateArray().Any(item => item.ValueEquals(role));

    private static IEnumerable<string> Cells(JsonElement key)
    {
        yield return key.GetProperty("id").ToString();
        yield return string.Join('\n', Items(key, "roles"));
        string[] limits =
        [
            .. Items(key, "streams").Select(static name => $"stream {name}"),
            .. Items(key, "wikis").Select(static name => $"wiki {name}"),
            .. Items(key, "domains").Select(static name => $"domain {name}"),
        ];
        string[] targets =
        [
            .. Items(key, "networks").Select(static name => $"network {name}"),
            .. Items(key, "hosts").Select(static name => $"host {name}"),
        ];
        yield return string.Join('\n', [.. limits.DefaultIfEmpty("no limit"), .. targets]);
        yield return Terminal.Time(key.GetProperty("createdAt"))[.."2020-01-01".Length];
        yield return key.TryGetProperty("oldSecretValidUntil", out var end) && end.ValueKind == JsonValueKind.String
            ? Terminal.Time(end)
            : "";
    }

    private static IEnumerable<string> Items(JsonElement key, string name) =>
        key.TryGetProperty(name, out var list) && list.ValueKind == JsonValueKind.Array
            ? list.EnumerateArray().Select(static item => item.ToString())
            : [];
}
