using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using Spectre.Console;
using WikiBus.Server.Commands.Client;
using WikiBus.Server.Hosting;

namespace WikiBus.Server.Commands.Reading;

/// <summary>
/// <c>wikibus streams</c>: the streams that the caller may read; a table on a terminal, JSON lines elsewhere.
/// </summary>
internal static class StreamsCommand
{
    public static Command Create()
    {
        var server = new ServerOptions(manages: false);
        var all = new Option<bool>("--all") { Description = "Also streams without events" };
        var command = new Command("streams", """
            List the streams of a running server; JSON lines when the output is no terminal

            Examples:
              wikibus streams
              wikibus streams --all | jq -r .name
            """) { all };
        server.AddTo(command);
        command.SetAction(async (arguments, cancellationToken) =>
        {
            using var client = server.Connect(arguments);
            using var answer = await client.AskAsync(HttpMethod.Get, "v2/streams", content: null, cancellationToken);
            var isAll = arguments.GetValue(all);
            var streams = answer.RootElement.GetProperty("streams").EnumerateArray();
            Write([.. streams.Where(stream => isAll || HasEvents(stream))]);
            return ExitCodes.Done;
        });
        return command;
    }

    private static bool HasEvents(JsonElement stream) => stream.GetProperty("last").ValueKind == JsonValueKind.Object;

    private static void Write(IReadOnlyList<JsonElement> streams)
    {
        if (!Terminal.ShowsTables)
        {
            foreach (var stream in streams)
            {
                Console.Out.WriteLine(stream.GetRawText());
            }

            return;
        }

        var table = new Table().Border(TableBorder.Simple)
            .AddColumns("stream", "schema", "first", "last", "newest", "per minute");
        foreach (var stream in streams)
        {
            table.AddRow([.. Cells(stream).Select(Markup.Escape)]);
        }

        Terminal.Output().Write(table);
    }

    private static IEnumerable<string> Cells(JsonElement stream)
    {
        yield return stream.GetProperty("name").ToString();
        yield return stream.GetProperty("schema").ToString();
        yield return Part(stream, "first", "offset");
        yield return Part(stream, "last", "offset");
        yield return Part(stream, "last", "time");
        yield return stream.GetProperty("recordsPerMinute").GetDouble().ToString("0.#", CultureInfo.InvariantCulture);
    }

    private static string Part(JsonElement stream, string end, string name) =>
        stream.GetProperty(end) is { ValueKind: JsonValueKind.Object } found ? found.GetProperty(name).ToString() : "";
}
