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
        var server = new ServerOptions(AdminKeyUse.Tried);
        var all = new Option<bool>("--all") { Description = "Also streams without events" };
        var command = new Command("streams", """
            List the streams of a running server; JSON lines, with all members, when the output is no terminal

            A name that is too long for the terminal continues on the next line.

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
            var streams = answer.RootElement.GetProperty("streams").EnumerateArray().ToList();
            if (streams.Count == 0 && !client.HasKey)
            {
                throw client.KeyNeeded();
            }

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
                Terminal.WriteLine(stream.GetRawText());
            }

            return;
        }

        var table = Terminal.TableOf("stream", "events", "newest (UTC)", "per min");
        table.Columns[0].NoWrap = false;
        foreach (var stream in streams)
        {
            table.AddRow([.. Cells(stream).Select(Markup.Escape)]);
        }

        Terminal.Output().Write(table);
    }

    private static IEnumerable<string> Cells(JsonElement stream)
    {
        yield return stream.GetProperty("name").ToString();
        var last = stream.GetProperty("last");
        if (last.ValueKind == JsonValueKind.Object)
        {
            yield return $"{Offset(last) - Offset(stream.GetProperty("first")) + 1}";
            yield return Terminal.Time(last.GetProperty("time"));
        }
        else
        {
            yield return "0";
            yield return "";
        }

        yield return stream.GetProperty("recordsPerMinute").GetDouble().ToString("0.#", CultureInfo.InvariantCulture);
    }

    private static long Offset(JsonElement end) => end.GetProperty("offset").GetInt64();
}
