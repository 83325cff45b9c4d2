using System.Net.Http.Headers;
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
    /// <summary>Most characters that are read of a secret's file.</summary>
    private const int SecretCharsMax = 4096;

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
        using var body = new MemoryStream();
        await using (var writer = new Utf8JsonWriter(body))
        {
            writer.WriteStartObject();
            write(writer);
            writer.WriteEndObject();
        }

        using var content = new ByteArrayContent(body.ToArray());
        content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        using var answer = await client.AskAsync(method, path, content, cancellationToken);
        WriteKey(answer.RootElement);
        if (answer.RootElement.TryGetProperty("secret", out var secret))
        {
            Terminal.Say("the secret is shown only now; keep it");
            if (Has(answer.RootElement, "publish"))
            {
                Terminal.Say($"for MediaWiki: {client.Address}v1/events?apikey={Uri.EscapeDataString($"{secret}")}");
            }
        }

        return ExitCodes.Done;
    }

    /// <summary>A key whose secret cannot be written is lost, unlike other data that nobody reads.</summary>
    private static void WriteKey(JsonElement key)
    {
        try
        {
            var output = new StandardOutput();
            output.WriteLine(key.GetRawText());
            output.Flush();
        }
        catch (Exception exception) when (
            exception is ReaderGoneException or CommandFault && key.TryGetProperty("secret", out _))
        {
            throw new CommandFault(
                $"The key {key.GetProperty("id")} is valid, but its secret could not be written "
                + $"({exception.Message.TrimEnd('.')}). Rotate it (wikibus keys rotate) to get another secret.");
        }
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

    /// <summary>
    /// A secret comes from a file or pipe, never from the command line, where every user of the machine can read it.
    /// </summary>
    public static string? ReadSecret(string? file)
    {
        if (file is null)
        {
            return null;
        }

        try
        {
            using var reader = file == "-" ? Console.In : new StreamReader(file);
            var buffer = new char[SecretCharsMax];
            return new string(buffer, 0, reader.ReadBlock(buffer)).Trim();
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new CommandFault(exception.Message);
        }
    }

    public static void WriteText(Utf8JsonWriter writer, string name, string? value)
    {
        if (value is not null)
        {
            writer.WriteString(name, value);
        }
    }

    public static void WriteList(Utf8JsonWriter writer, string name, string[]? values)
    {
        if (values is { Length: > 0 })
        {
            writer.WriteStartArray(name);
            foreach (var value in values)
            {
                writer.WriteStringValue(value);
            }

            writer.WriteEndArray();
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
